import { isScalar, Lexer, LineCounter, type Pair, parseDocument, type Scalar, visit } from 'yaml';

/** A value of a YAML text that YAML would not take as it is written. */
export interface Alteration {
  /** Names from the outermost map to the value; empty where it is not clear which value it is. */
  readonly keys: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

const QUOTED: ReadonlySet<string | undefined> = new Set(['QUOTE_DOUBLE', 'QUOTE_SINGLE']);
const EMPTY = 'is empty, as a secret or a variable that is not set; for an empty text write ""';
const SCALAR_FOLLOWS = '\x1f'; // in what the lexer tells, with the two marks below
const MARKS: ReadonlySet<string> = new Set(['\x02', '\x18', SCALAR_FOLLOWS]);
/** How a token ends behind which a comment may have been part of a value. */
const ENDS_A_VALUE = /["'}\],]$/;

/**
 * Values that YAML would shorten, join, retype or drop: what an expression of a workflow wrote into YAML is often not what
 * its author sees. A text in quotes, or in a block that begins with `|` or `>`, says itself what it is. Numbers, `true` and
 * `false` are not told: their reader sees the type. The text must be YAML without mistakes.
 */
export function alterationsIn(text: string): readonly Alteration[] {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const found: { readonly at: number; readonly keys: readonly string[]; readonly why: string }[] = [];
  const values: { readonly at: number; readonly keys: readonly string[] }[] = [];
  visit(yaml, {
    Pair(_, pair, path) {
      const keys = [...path.flatMap((node) => nameOf(node)), ...nameOf(pair)];
      const { value } = pair;
      if (!isScalar(value)) return;
      const at = value.range?.[0] ?? 0;
      values.push({ at, keys });
      const why = whyAltered(text, pair, value);
      if (why !== undefined) found.push({ at, keys, why });
    },
  });
  for (const { at, why } of strayIn(text)) {
    const keys = values.findLast((value) => value.at <= at)?.keys ?? [];
    found.push({ at, keys, why });
  }
  return found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, keys, why }) => ({ keys, line: lines.linePos(at).line, why }));
}

function nameOf(node: unknown): readonly string[] {
  const key = typeof node === 'object' && node !== null && 'key' in node ? node.key : undefined;
  return isScalar(key) ? [String(key.value)] : [];
}

function whyAltered(text: string, { key }: Pair, value: Scalar): string | undefined {
  const [from = 0, to = 0] = value.range ?? [];
  const written = sourceOf(text, value);
  if (isScalar(key) && key.type === 'PLAIN' && String(key.value) !== sourceOf(text, key))
    return 'has a name that YAML reads as another one; put the name in quotes';
  if (value.anchor !== undefined) return 'begins with &, which YAML takes for a name and drops';
  if (value.tag !== undefined) return 'begins with !, which YAML takes for a type and drops';
  if (QUOTED.has(value.type))
    return written.includes('\n') ? 'has several lines in quotes, which YAML joins' : undefined;
  if (value.type !== 'PLAIN') return value.value === '' ? EMPTY : undefined;
  if (value.value === null) return whyNothing(written);
  if (written.includes('\n')) return 'has several lines, which YAML joins';
  if (typeof value.value === 'string' && value.value !== written) return 'is not what YAML reads of it';
  const after = isScalar(key) ? text.slice(key.range?.[1] ?? 0, from) : ': ';
  if (after !== ': ') return 'begins with blanks, or on a line of its own, and YAML drops them';
  return /^[ \t]+\r?(\n|$)/.test(text.slice(to)) ? 'ends in blanks, which YAML drops' : undefined;
}

function sourceOf(text: string, { range }: Scalar): string {
  return text.slice(range?.[0] ?? 0, range?.[1] ?? 0);
}

/** The word `null` is meant; nothing at all, or another word for it, may be what an expression wrote. */
function whyNothing(written: string): string | undefined {
  if (written === 'null') return undefined;
  return written === '' ? EMPTY : 'is a word that YAML takes for null; put it in quotes';
}

/** Comments that may have been part of a value, and the mark that ends a document. */
function strayIn(text: string): readonly { readonly at: number; readonly why: string }[] {
  const stray: { at: number; why: string }[] = [];
  let [at, scalar, behind] = [0, false, false];
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) {
      scalar = token === SCALAR_FOLLOWS;
      continue;
    }
    if (!scalar && token.startsWith('#') && (behind || isOutside(text, at)))
      stray.push({ at, why: 'is followed by a comment; if # belongs to the value, YAML would cut it off' });
    if (!scalar && token === '...') stray.push({ at, why: 'is followed by `...`, at which YAML ends' });
    if (!/^[ \t]+$/.test(token)) behind = !token.endsWith('\n') && (scalar || ENDS_A_VALUE.test(token));
    at += token.length;
    scalar = false;
  }
  return stray;
}

/** Whether a comment on a line of its own is further out than the lines around it, as a line of a secret would be. */
function isOutside(text: string, at: number): boolean {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(start, at);
  if (before.trim() !== '') return false;
  const indents = (part: string) =>
    part
      .split('\n')
      .filter((line) => /^\s*[^\s#]/.test(line))
      .map((line) => line.search(/\S/));
  const [previous = 0] = indents(text.slice(0, start)).slice(-1);
  const [next = Number.POSITIVE_INFINITY] = indents(text.slice(at));
  return before.length < previous && before.length < next;
}
