import {
  type Command,
  type CommandNode,
  forEachChild,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { replaceExpressions } from '../expressions.ts';

/** A word of a script in pieces. */
export type ShellPiece =
  | { readonly literal: string }
  /** `$NAME` or `${NAME}`. */
  | { readonly variable: string }
  /** What only a shell can say, such as `$(date)`. */
  | { readonly only: string };

export type ShellWord = readonly ShellPiece[];

/** One command of a script at its top level, with its source. */
export interface ShellStatement {
  /** Source, with the comments and empty lines before it. */
  readonly source: string;
  /** The source without what is before it. */
  readonly own: string;
  /** The words of a simple command that only writes where it says. */
  readonly words: readonly ShellWord[];
  readonly assigns: readonly { readonly name: string; readonly value: ShellWord }[];
  /** Where `>> FILE` writes. */
  readonly appendsTo: ShellWord | undefined;
  /** Whether it is a simple command: no pipeline, no condition, no loop, no other redirection. */
  readonly simple: boolean;
  /** A `part` of `a && b` that was taken apart, or a `whole` list that ends with `&& b`. */
  readonly list: 'part' | 'whole' | undefined;
}

/** Private characters in place of an expression, so that the shell's parser sees one word. */
const [FIRST, MORE] = ['\uE001', '\uE000'];

export function readScript(script: string): readonly ShellStatement[] | string {
  const masked = replaceExpressions(script, (found) => FIRST + MORE.repeat(found.length - 1));
  const read = parse(masked);
  if ((read.errors ?? []).length > 0) return 'its script is not one that bash would read';
  const commands = read.commands.flatMap(inOrder);
  const source = { script, masked };
  const ends = commands.map(({ node }) => lastOf(node));
  return commands.map(({ node, list }, index) => {
    const end = index === commands.length - 1 ? script.trimEnd().length : (ends[index] ?? node.end);
    return { ...statementOf(node, [ends[index - 1] ?? 0, Math.max(end, node.end)], source), list };
  });
}

/** Where a command ends, with the lines that it reads below itself. */
function lastOf(node: SyntaxNode): number {
  let end = node.type === 'HereDoc' ? (node.closing?.end ?? node.body.end) : node.end;
  forEachChild(node, (child) => {
    end = Math.max(end, lastOf(child));
  });
  return end;
}

interface Source {
  readonly script: string;
  readonly masked: string;
}

type Node = CommandNode | PipelineNode | Statement;

interface InOrder {
  readonly node: Node;
  readonly list: ShellStatement['list'];
}

/** Commands that may be ours, or that say nothing: a list of such alone is taken apart. */
const OURS_OR_QUIET = ['docker', 'aws', 'echo', 'printf', 'cd', 'set', 'export', 'pwd'];

/** A statement, or each part of `a && b` where nothing but commands of ours can fail. */
function inOrder(whole: Statement): readonly InOrder[] {
  const { command } = whole;
  if ('background' in whole && whole.background) return [{ node: whole, list: undefined }];
  if (command.type !== 'AndOr') return [{ node: command, list: undefined }];
  const taken = command.operators.every((operator) => operator === '&&') && command.commands.every(isPlain);
  if (taken) return command.commands.map((node) => ({ node, list: 'part' }));
  return [{ node: whole, list: command.operators.at(-1) === '&&' ? 'whole' : undefined }];
}

function isPlain(node: CommandNode | PipelineNode): boolean {
  return (
    node.type === 'Command' && (node.name === undefined || OURS_OR_QUIET.includes(node.name.value ?? ''))
  );
}

function statementOf(
  node: Node,
  [after, end]: readonly [number, number],
  source: Source,
): Omit<ShellStatement, 'list'> {
  const place = {
    source: source.script.slice(after, end).replace(/^(?:[ \t]|\\\r?\n)*(?:&&|;)?(?:[ \t]|\\\r?\n)*\n?/, ''),
    own: source.script.slice(node.pos, node.end),
  };
  if (node.type !== 'Command')
    return { ...place, words: [], assigns: [], appendsTo: undefined, simple: false };
  const appended = node.redirects.find(({ operator }) => operator === '>>');
  const others = node.redirects.filter((redirect) => redirect !== appended && !isSilence(redirect));
  const words = wordsOf(node).map((word) => piecesOf(word, source));
  const exported = exportedIn(node, source);
  return {
    ...place,
    words: exported ? [] : words,
    assigns: exported ?? node.prefix.flatMap((each) => assignedIn(each, source)),
    appendsTo: appended && targetOf(appended, source),
    simple: others.length === 0,
  };
}

type Assigned = ShellStatement['assigns'][number];

function assignedIn(
  each: Command['args'][number] | Command['prefix'][number],
  source: Source,
): readonly Assigned[] {
  if (each.type !== 'Assignment' || each.name === undefined) return [];
  const value = each.value && each.value.type === 'Word' ? piecesOf(each.value, source) : [];
  return [{ name: each.name, value }];
}

/** `export NAME=VALUE …` assigns as `NAME=VALUE` does. */
function exportedIn({ name, args, prefix }: Command, source: Source): readonly Assigned[] | undefined {
  if (name?.value !== 'export' || args.length === 0 || prefix.length > 0) return undefined;
  const assigns = args.flatMap((each) => assignedIn(each, source));
  return assigns.length === args.length ? assigns : undefined;
}

function wordsOf(command: Command): readonly Word[] {
  const args = command.args.filter((each) => each.type === 'Word');
  return command.name ? [command.name, ...args] : args;
}

/** `> /dev/null` and `2>&1` change only what is printed. */
function isSilence(redirect: Redirection): boolean {
  if (redirect.operator === '>&')
    return 'target' in redirect && /^(?:\d|-)$/.test(redirect.target?.text ?? '');
  return 'target' in redirect && redirect.operator === '>' && redirect.target?.text === '/dev/null';
}

function targetOf(redirect: Redirection, source: Source): ShellWord {
  return 'target' in redirect && redirect.target?.type === 'Word' ? piecesOf(redirect.target, source) : [];
}

function piecesOf(word: Word, source: Source): ShellWord {
  const parts = word.parts ?? [];
  if (parts.length === 0) return [{ literal: unmask(word.value, word, source) }];
  return parts.flatMap((part) => pieceOf(part, source));
}

function pieceOf(part: WordPart, source: Source): readonly ShellPiece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return [{ literal: unmask(part.value, part, source) }];
    case 'DoubleQuoted':
      return part.parts.flatMap((each) => pieceOf(each as WordPart, source));
    case 'SimpleExpansion':
      return [/^\$[A-Za-z_]\w*$/.test(part.text) ? { variable: part.text.slice(1) } : { only: part.text }];
    case 'ParameterExpansion': {
      const plain = part.text === `\${${part.parameter}}` && /^[A-Za-z_]\w*$/.test(part.parameter);
      return [plain ? { variable: part.parameter } : { only: textAt(part, source) }];
    }
    default:
      return [{ only: textAt(part, source) }];
  }
}

const textAt = ({ pos, end }: { pos: number; end: number }, { script }: Source) => script.slice(pos, end);

/** Puts the expressions back that stand in this part of the source, in their order. */
function unmask(
  value: string,
  { pos, end }: { pos: number; end: number },
  { script, masked }: Source,
): string {
  const expressions: string[] = [];
  for (const found of masked.slice(pos, end).matchAll(new RegExp(`${FIRST}${MORE}*`, 'g')))
    expressions.push(script.slice(pos + found.index, pos + found.index + found[0].length));
  return value.replace(new RegExp(`${FIRST}${MORE}*`, 'g'), () => expressions.shift() ?? '');
}
