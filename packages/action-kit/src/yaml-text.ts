import {
  type Document,
  type ErrorCode,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

/** A value read from a text, and where its parts are in the text. */
export interface PlacedValue {
  readonly value: unknown;
  /** `line 3, column 5` of a member's name or of an entry; of what holds it, where there is none of that name. */
  place(keys: readonly (string | number)[]): string;
}

/**
 * A YAML text, or every mistake in it with its line and column. Aliases are refused: the text is hostile, and a few of
 * them can expand to gigabytes. Tags are refused too: the texts that carry them would be taken without what they ask for.
 */
export function readYamlText(text: string): PlacedValue | { readonly mistakes: readonly string[] } {
  const lines = new LineCounter();
  const yaml = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error', // a warning of the library would quote the text
    uniqueKeys: true,
    merge: false,
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const wrong = [...withoutConsequences(yaml.errors), ...yaml.warnings];
  if (wrong.length > 0) return { mistakes: wrong.map((each) => `${at(each.pos[0])}: ${told(each)}`) };
  const aliases = aliasesOf(yaml);
  if (aliases.length > 0)
    return { mistakes: aliases.map((offset) => `${at(offset)}: is an alias; write the value out`) };
  return { value: yaml.toJS(), place: (keys) => at(offsetOf(yaml.contents, keys)) };
}

/** After one line that is out of place the parser stumbles over the next ones too: only the first of those is a mistake. */
function withoutConsequences(errors: readonly YAMLError[]): readonly YAMLError[] {
  const stumble = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error.code === 'DUPLICATE_KEY' || error === stumble);
}

/** What the library says with a piece of the text in the middle: of a password such as `!x` it would be all. */
const IN_OUR_WORDS: Partial<Readonly<Record<ErrorCode, string>>> = {
  BAD_DIRECTIVE: 'Unknown directive',
  BAD_DQ_ESCAPE: 'Invalid escape sequence',
  DUPLICATE_KEY: 'This key is there twice; keep one of them',
  MULTIPLE_DOCS: 'A second document begins here; keep one, and take the line `---` out',
  BLOCK_AS_IMPLICIT_KEY:
    'Lines of one level must begin in the same column; a value with a colon in it needs quotes',
  RESOURCE_EXHAUSTION: 'Too deep; nobody reads so many levels',
  UNEXPECTED_TOKEN:
    'Unexpected here; look at the quotes, and at the indentation of this line and the one above',
  TAG_RESOLVE_FAILED: 'Unresolved tag; put the value into quotes, or leave the tag out',
};

/** The library's words without the piece of the text that it quotes: it may be secret. */
function told({ code, message }: YAMLError): string {
  return IN_OUR_WORDS[code] ?? message.replace(/: ".*"$/s, '');
}

/** Where the aliases of a document stand, as offsets into its text. */
function aliasesOf(yaml: Document.Parsed): readonly number[] {
  const found: number[] = [];
  visit(yaml, {
    Alias: (_, { range }) => {
      found.push(range?.[0] ?? 0);
    },
  });
  return found;
}

function offsetOf(contents: Node | null, keys: readonly (string | number)[]): number {
  let [node, offset]: [unknown, number] = [contents, startOf(contents)];
  for (const key of keys) {
    const pair = isMap(node) ? node.items.find(({ key: name }) => String(name) === String(key)) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
    const start = startOf(pair ? pair.key : next);
    if (start < 0) break;
    [node, offset] = [next, start];
  }
  return Math.max(0, offset);
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? -1) : -1;
}
