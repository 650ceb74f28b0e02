/** Values by container and by name, or what is wrong with the lines. No mistake repeats what a line has: it may be secret. */
type ReadLines =
  | { readonly value: Readonly<Record<string, Readonly<Record<string, string>>>> }
  | { readonly mistakes: readonly string[] };

/** What a line begins with that sets a variable, with its container or without. */
const FIRST = /^\s*[A-Za-z0-9_-]+(\.[^\s=]+?)?\s*(=|<<)/;
const NAME = /^([A-Za-z0-9_-]{1,255})\.([^\s=]+)$/;
/** A line that says which container the lines below it are for. */
const HEADING = /^\s*\[([A-Za-z0-9_-]{1,255})\]\s*$/;

/** Whether a text has lines such as `web.LEVEL=debug`, and is no YAML or JSON. */
export function hasVariableLines(text: string): boolean {
  const first = text.split('\n').find((line) => !isSkipped(line));
  return first !== undefined && (FIRST.test(first) || HEADING.test(first));
}

/**
 * Lines `container.NAME=value`, and `container.NAME<<END` with lines up to one that is `END`, as in GitHub's own files of
 * variables. A value is what is written: no quote, `#`, `:` or blank means anything. Lines that begin with `#` are comments.
 * Below a line `[container]` lines are `NAME=value`, without the blanks at their ends, and the last of a name counts: there an
 * expression can give whole lines, as to the official render action.
 */
export function readVariableLines(text: string): ReadLines {
  const lines = text.split('\n');
  const found = new Map<string, Map<string, string>>();
  const mistakes: string[] = [];
  let below: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isSkipped(line)) continue;
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) {
      below = heading;
      continue;
    }
    const read = below === undefined ? assignmentIn(lines, at) : assignmentBelow(below, line, at);
    if ('problem' in read) mistakes.push(`line ${at + 1} ${read.problem}`);
    else {
      const { container, name, value } = read;
      const values = found.get(container) ?? new Map<string, string>();
      if (values.has(name) && below === undefined)
        mistakes.push(`line ${at + 1} sets ${container}.${name} again`);
      found.set(container, values.set(name, value));
    }
    at = read.last;
  }
  return mistakes.length > 0
    ? { mistakes }
    : { value: Object.fromEntries([...found].map(([name, all]) => [name, Object.fromEntries(all)])) };
}

function isSkipped(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** `last` is the line at which it ends. */
type Assignment = { readonly last: number } & (
  | { readonly container: string; readonly name: string; readonly value: string }
  | { readonly problem: string }
);

function assignmentBelow(container: string, line: string, at: number): Assignment {
  const [, name, value] = /^([^\s=]+)=([\s\S]*)$/.exec(line.trim()) ?? [];
  return name === undefined || value === undefined
    ? { last: at, problem: `is no \`NAME=value\`, as lines below [${container}] are` }
    : { last: at, container, name, value };
}

function assignmentIn(lines: readonly string[], at: number): Assignment {
  const line = lines[at] ?? '';
  const [equals, here] = [line.indexOf('='), line.indexOf('<<')];
  const inLines = here >= 0 && (equals < 0 || here < equals);
  if (line.endsWith('\r'))
    return {
      last: at,
      problem: 'ends in a carriage return; write its value in JSON, or take the carriage return out',
    };
  if (equals < 0 && !inLines)
    return {
      last: at,
      problem: 'is no `container.NAME=value`; a value of several lines needs `container.NAME<<END`',
    };
  const [, container, name] = NAME.exec(line.slice(0, inLines ? here : equals).trimStart()) ?? [];
  const value = inLines
    ? heredocOf(lines, at, line.slice(here + 2))
    : { value: line.slice(equals + 1), last: at };
  if ('problem' in value) return value;
  if (container === undefined || name === undefined)
    return {
      last: value.last,
      problem: 'names no container; write `container.NAME=value`, with no blank in front of `=`',
    };
  return { container, name, ...value };
}

function heredocOf(
  lines: readonly string[],
  at: number,
  end: string,
): { readonly last: number } & ({ readonly value: string } | { readonly problem: string }) {
  if (!/^\S+$/.test(end))
    return { last: at, problem: 'has no word behind `<<`, or a blank in it; write `container.NAME<<END`' };
  const last = lines.indexOf(end, at + 1);
  return last < 0
    ? { last: lines.length, problem: 'begins a value whose last line is missing: the word behind `<<` alone' }
    : { value: lines.slice(at + 1, last).join('\n'), last };
}
