import {
  type Command,
  forEachChild,
  type Function as ShellFunction,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { wordsOf } from './acts.ts';

/** A function whose calls may be its body. */
export interface Inlined {
  readonly name: string;
  readonly at: Statement;
  readonly body: readonly Statement[];
  readonly locals: readonly string[];
}

/** Programs that run what they are given. */
const RUN =
  /^(?:eval|xargs|time|command|builtin|trap|export|declare|typeset|unset|type|bash|sh|env|nohup|timeout|find|parallel|exec|source|\.|watch|retry)$/;

export function mayCall([first = '', ...words]: readonly string[], name: string): boolean {
  return (
    first === name ||
    (RUN.test(first) &&
      words
        .join(' ')
        .split(/[^\w-]+/)
        .includes(name))
  );
}

/** Variables that programs find by their names. */
const OF_THE_RUNNER = /^(?:GITHUB|RUNNER|AWS|DOCKER|BUILDX|BUILDKIT)_|^(?:PATH|HOME|CI|USER|SHELL|IFS)$/;

/** Whether nothing but functions that have the name for themselves knows it. */
export function isItsOwn(name: string, functions: readonly Inlined[], masked: string): boolean {
  if (OF_THE_RUNNER.test(name)) return false;
  const own = functions.filter(({ locals }) => locals.includes(name));
  const rest = own.reduceRight((text, { at }) => text.slice(0, at.pos) + text.slice(at.end), masked);
  return !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(rest);
}

/** A function that is nothing but its commands: it takes words by their numbers, and its end is that of its last command. */
export function functionIn(statement: Statement, masked: string): Inlined | undefined {
  const { command } = statement;
  if (command.type !== 'Function' || command.body.type !== 'BraceGroup') return undefined;
  const body = command.body.body.commands;
  const last = body.at(-1)?.command;
  // The end of a list or a condition is none for `-e`, and that of a function is.
  const isOne = last?.type === 'Command' || (last?.type === 'Pipeline' && last.prefixes.length === 0);
  if (!isOne || body.some(({ background }) => background)) return undefined;
  if (NOT_INSIDE.test(masked.slice(command.body.pos, command.body.end))) return undefined;
  const locals = body.map(localIn);
  const inner = body.filter((_, index) => locals[index] === undefined).flatMap(localsBelow);
  if (inner.length > 0 || locals.some((each) => each === 'unclear')) return undefined;
  return {
    name: nameOf(command),
    at: statement,
    body,
    locals: locals.flatMap((each) => (each === undefined || each === 'unclear' ? [] : each.names)),
  };
}

/** How often a script gives a name to a function, wherever that is. */
export function timesDefined(node: SyntaxNode, name: string): number {
  let times = node.type === 'Function' && nameOf(node) === name ? 1 : 0;
  forEachChild(node, (child) => {
    times += timesDefined(child, name);
  });
  return times;
}

/** What means another thing outside of a function. */
const NOT_INSIDE =
  /\b(?:return|shift|FUNCNAME|BASH_\w+|getopts|set|trap)\b|\$[@*#]|\$\{[#!@*]|\$\{?\d\d|`|<</;

const nameOf = ({ name }: ShellFunction) => name.value ?? '';

interface Local {
  readonly names: readonly string[];
}

/** `local NAME=VALUE …`, which outside of a function is `NAME=VALUE`. */
function localIn({ command }: Statement): Local | 'unclear' | undefined {
  if (command.type !== 'Command' || wordsOf(command)[0] !== 'local') return undefined;
  const names = command.args.map((each) => (each.type === 'Assignment' && !each.append ? each.name : ''));
  const plain = command.prefix.length === 0 && command.redirects.length === 0;
  return plain && names.length > 0 && names.every((each) => each !== '') ? { names } : 'unclear';
}

function localsBelow(node: SyntaxNode): readonly SyntaxNode[] {
  const own =
    node.type === 'Command' && ['local', 'declare', 'typeset'].includes(wordsOf(node)[0] ?? '') ? [node] : [];
  const below: SyntaxNode[] = [...own];
  forEachChild(node, (child) => {
    below.push(...localsBelow(child));
  });
  return below;
}

/** Calls that are statements of their own, also in branches and loops. What a condition asks is no such call. */
export function callsIn(node: SyntaxNode, name: string): readonly Command[] {
  if (node.type === 'Statement') {
    const { command, background } = node;
    if (background || command.type === 'Function') return [];
    if (command.type === 'Command') return isCall(command, name) ? [command] : [];
    return ['If', 'For', 'Case', 'While', 'BraceGroup'].includes(command.type) ? callsIn(command, name) : [];
  }
  if (node.type === 'If')
    return [node.then, ...node.elif.map(({ then }) => then), ...(node.else ? [node.else] : [])].flatMap(
      ({ commands }) => commands.flatMap((each) => callsIn(each, name)),
    );
  if (node.type === 'Case')
    return node.items.flatMap(({ body }) => body.commands.flatMap((each) => callsIn(each, name)));
  if (node.type === 'For' || node.type === 'While' || node.type === 'BraceGroup')
    return node.body.commands.flatMap((each) => callsIn(each, name));
  return [];
}

function isCall(command: Command, name: string): boolean {
  return wordsOf(command)[0] === name && command.prefix.length === 0 && command.redirects.length === 0;
}
