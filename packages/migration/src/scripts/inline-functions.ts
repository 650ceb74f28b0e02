import { type Command, forEachChild, parse, type Statement, type SyntaxNode } from 'unbash';
import { replaceExpressions } from '../expressions.ts';
import { commandsIn, wordsOf } from './acts.ts';
import { callsIn, functionIn, type Inlined, isItsOwn, mayCall, timesDefined } from './functions.ts';
import { FIRST, MORE } from './read-words.ts';

/** A change of a text: what stands from one place to another becomes this. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** A script in which the body of each function stands where that is called, as far as this is certainly the same. */
export function withoutFunctions(script: string, isDeclared: (name: string) => boolean): Inlining {
  const names: string[] = [];
  let text = script;
  // One function may call another.
  for (let turn = 0; turn < MOST && /\(\)\s*\{|\bfunction\s/.test(text); turn += 1) {
    const next = inlinedOnce(text, isDeclared);
    if (next === undefined) break;
    text = next.text;
    names.push(...next.names);
  }
  return { text, names };
}

export interface Inlining {
  readonly text: string;
  /** The functions that are gone. */
  readonly names: readonly string[];
}

/** More functions than a script of a workflow has. */
const MOST = 12;

function inlinedOnce(script: string, isDeclared: (name: string) => boolean): Inlining | undefined {
  const masked = replaceExpressions(script, (found) => FIRST + MORE.repeat(found.length - 1));
  const read = parse(masked);
  if ((read.errors ?? []).length > 0) return undefined;
  const defined = read.commands.flatMap((each) => functionIn(each, masked) ?? []);
  const functions = defined.filter(({ name }) => timesDefined(read, name) === 1);
  const runs = commandsIn(read);
  if (runs.some(([name = '']) => name.includes('$'))) return undefined;
  // Each call has words of its own: one may stand between two uses of another's.
  let words = new Set(script.match(/\bBUILD_WORD_\d+/g)).size;
  const names: string[] = [];
  const changes = functions.flatMap((each) => {
    const calls = read.commands.flatMap((statement) => callsIn(statement, each.name));
    const asked = runs.filter((words) => mayCall(words, each.name)).length;
    const alone = each.locals.every((name) => !isDeclared(name) && isItsOwn(name, functions, masked));
    if (!alone || asked !== calls.length || calls.some((call) => call.pos < each.at.end)) return [];
    const bodies = calls.map((call) => {
      const body = bodyFor(each, call, { script, words });
      words += call.args.length;
      return body;
    });
    if (!bodies.every((body) => body !== undefined)) return [];
    names.push(each.name);
    return [
      { from: each.at.pos, to: each.at.end, by: '' },
      ...calls.map((call, index) => ({ from: call.pos, to: call.end, by: bodies[index] ?? '' })),
    ];
  });
  return changes.length === 0 ? undefined : { text: changed(script, changes), names };
}

/** The body with the words of a call in place of their numbers. */
function bodyFor(
  { body }: Inlined,
  call: Command,
  { script, words: before }: { readonly script: string; readonly words: number },
): string | undefined {
  const nameOf = (index: number) => `BUILD_WORD_${before + index + 1}`;
  const words = call.args.map(({ pos, end }) => script.slice(pos, end));
  // Words that a shell would split, or look up, are more or fewer than they look.
  if (!words.every((word) => WHOLE.test(word.replace(/\$\{\{.*?\}\}/g, 'x')) && !/\$\(/.test(word)))
    return undefined;
  const isPlain = (word: string) => PLAIN.test(word);
  const given = words.map((word, index) => (isPlain(word) ? word : `\${${nameOf(index)}}`));
  const set = words.flatMap((word, index) => (isPlain(word) ? [] : [`${nameOf(index)}=${word}`]));
  const numbers = body.map((each) => numbersIn(each, given, script));
  const [first, last] = [body[0], body.at(-1)];
  if (!first || !last || numbers.includes(undefined)) return undefined;
  const changes = [...numbers.flatMap((each) => each ?? []), ...body.flatMap(withoutLocal)];
  return [...set, changed(script, changes, [first.pos, last.end])].join('\n');
}

/** The name of a word that a call gives. */
export const WORD = /^BUILD_WORD_\d+$/;

/** A word that is one word to any shell, or where a variable that is not in quotes has one. */
const WHOLE = /^(?:(?:[\w./:@%+=,-]|\$\w|\$\{\w+\})+|"[^"`]*"|'[^']*')$/;
const PLAIN = /^[\w./:@-]+$/;

/** `local A=$(b)` is well whatever becomes of its command. */
function withoutLocal({ command }: Statement): readonly Change[] {
  if (command.type !== 'Command' || wordsOf(command)[0] !== 'local') return [];
  const [first] = command.args;
  const runs = command.args.some((each) => hasCommand(each));
  if (first === undefined) return [];
  return [
    { from: command.pos, to: first.pos, by: '' },
    ...(runs ? [{ from: command.end, to: command.end, by: ' || true' }] : []),
  ];
}

function hasCommand(node: SyntaxNode): boolean {
  let found = node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution';
  forEachChild(node, (child) => {
    found ||= hasCommand(child);
  });
  return found;
}

/** `$1` and `${1}` by the words that are given; nothing where one is missing, or stands where it is not seen. */
function numbersIn(
  node: SyntaxNode,
  given: readonly string[],
  script: string,
): readonly Change[] | undefined {
  const changes: Change[] = [];
  let known = true;
  let text = script.slice(node.pos, node.end);
  const hide = ({ pos, end }: SyntaxNode) => {
    text = text.slice(0, pos - node.pos) + ' '.repeat(end - pos) + text.slice(end - node.pos);
  };
  const visit = (each: SyntaxNode) => {
    const number = numberOf(each);
    if (number !== undefined) {
      const word = given[number - 1];
      const whole =
        each.type === 'SimpleExpansion' || (each.type === 'ParameterExpansion' && !each.operation);
      if (word === undefined || !whole) known = false;
      else changes.push({ from: each.pos, to: each.end, by: word });
    }
    if (number !== undefined || each.type === 'SingleQuoted') hide(each);
    forEachChild(each, visit);
  };
  visit(node);
  return known && !/\$\{?[1-9]/.test(text) ? changes : undefined;
}

function numberOf(node: SyntaxNode): number | undefined {
  const name =
    node.type === 'SimpleExpansion'
      ? node.text.slice(1)
      : node.type === 'ParameterExpansion'
        ? node.parameter
        : '';
  return /^[1-9]$/.test(name) ? Number(name) : undefined;
}

function changed(
  text: string,
  changes: readonly Change[],
  [start, end]: readonly [number, number] = [0, text.length],
): string {
  let [result, at] = ['', start];
  for (const { from, to, by } of [...changes].sort((a, b) => a.from - b.from)) {
    result += text.slice(at, from) + by;
    at = to;
  }
  return result + text.slice(at, end);
}
