import {
  type Command,
  type CommandNode,
  type For,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type Word,
} from 'unbash';
import { replaceExpressions } from '../expressions.ts';
import { actsIn, commandsIn, isPlain, namesIn, printsIn, transformsIn, withoutEnding } from './acts.ts';
import { type Choice, choiceOf, type Ender, lastOf } from './read-choice.ts';
import {
  type Assigned,
  assignedBy,
  FIRST,
  MORE,
  type ShellWord,
  type Source,
  textAt,
  wordIn,
} from './read-words.ts';

/** One command of a script at its top level, with its source. */
export interface ShellStatement {
  /** Source, with the comments and empty lines before it. */
  readonly source: string;
  /** The source without what is before it. */
  readonly own: string;
  /** The same without what it only prints. */
  readonly does: string;
  /** The words of a simple command that only writes where it says. */
  readonly words: readonly ShellWord[];
  readonly assigns: readonly Assigned[];
  /** Every name that it may set. */
  readonly sets: readonly string[];
  /** What of it acts on the whole script: `cd`, `trap`, `()` for a function. */
  readonly acts: readonly string[];
  /** The words of every command in it. */
  readonly runs: readonly (readonly string[])[];
  /** Whether it makes another value of one. */
  readonly transforms: boolean;
  /** Where `>> FILE` writes. */
  readonly appendsTo: ShellWord | undefined;
  /** Whether it is a simple command: no pipeline, no condition, no loop, no other redirection. */
  readonly simple: boolean;
  /** A `part` of `a && b` that was taken apart, the `end` of one, or a `whole` list that ends with `&& b`. */
  readonly list: 'part' | 'end' | 'whole' | undefined;
  /** `for NAME in WORDS`, where each turn is what is written in it, one after the other. */
  readonly loop: Loop | undefined;
  /** What it is to the parser: `For`, `Pipeline`, `Function`. */
  readonly form: string;
  /** `if`, `case` and the like, of which a shell decides what runs; or why nobody else can. */
  readonly choice: Choice | { readonly why: string } | undefined;
  /** What gives its names their values, where it has more commands than those. */
  readonly setters?: readonly ShellStatement[];
}

export interface Loop {
  readonly name: string;
  readonly words: readonly { readonly word: ShellWord; readonly text: string }[];
  readonly body: readonly ShellStatement[];
}

export function readScript(script: string): readonly ShellStatement[] | string {
  const masked = replaceExpressions(script, (found) => FIRST + MORE.repeat(found.length - 1));
  const read = parse(masked);
  if ((read.errors ?? []).length > 0) return 'its script is not one that bash would read';
  return statementsIn(read.commands, [0, script.trimEnd().length], {
    source: { script, masked },
    ender: 'exit',
  });
}

/** What a list of statements is read with: what may end the list early without a failure. */
interface Within {
  readonly source: Source;
  readonly ender: Ender;
}

/** Statements in their order, with all that is between `from` and `to`. */
function statementsIn(
  list: readonly Statement[],
  [from, to]: readonly [number, number],
  within: Within,
): readonly ShellStatement[] {
  const commands = list.flatMap(inOrder);
  const ends = commands.map(({ node, of }) => lastOf(of ?? node));
  return commands.map((each, index) => {
    const end = index === commands.length - 1 ? to : (ends[index] ?? each.node.end);
    return statementOf(each, [ends[index - 1] ?? from, Math.max(end, each.node.end)], within);
  });
}

/** A line `NAME=VALUE` that a script did not have: `text` is what the shell reads. */
export function assignment(name: string, text: string, value: ShellWord = [{ only: text }]): ShellStatement {
  const own = `${name}=${text}`;
  return {
    ...{ source: own, own, does: own, words: [], assigns: [{ name, value }], sets: [name] },
    ...{ runs: commandsIn(parse(own)), transforms: transformsIn(parse(own)) },
    ...{ acts: [], appendsTo: undefined, simple: true, list: undefined, loop: undefined },
    ...{ form: 'Command', choice: undefined },
  };
}

/** A line that a script did not have, and that sets nothing. */
export function line(own: string): ShellStatement {
  return {
    ...assignment('', ''),
    source: own,
    own,
    does: '',
    assigns: [],
    sets: [],
    runs: [],
    simple: false,
  };
}

type Node = CommandNode | PipelineNode | Statement;

interface InOrder {
  readonly node: Node;
  readonly list: ShellStatement['list'];
  /** Other words that end the script when it fails. */
  readonly of?: Statement;
}

/** A statement, or each part of `a && b` where nothing but commands of ours can fail. */
function inOrder(whole: Statement): readonly InOrder[] {
  const { command } = whole;
  if ('background' in whole && whole.background) return [{ node: whole, list: undefined }];
  const alone = withoutEnding(command);
  if (alone && isPlain(alone)) return [{ node: alone, list: undefined, of: whole }];
  if (command.type !== 'AndOr') return [{ node: command, list: undefined }];
  const taken = command.operators.every((operator) => operator === '&&') && command.commands.every(isPlain);
  const last = command.commands.at(-1);
  if (taken) return command.commands.map((node) => ({ node, list: node === last ? 'end' : 'part' }));
  return [{ node: whole, list: command.operators.at(-1) === '&&' ? 'whole' : undefined }];
}

function statementOf(
  { node, list }: InOrder,
  [after, end]: readonly [number, number],
  within: Within,
): ShellStatement {
  const { source } = within;
  const choice = choiceOf(node, within, (body) => {
    const [first, last] = [body[0], body.at(-1)];
    const span = [first?.pos ?? 0, last ? lastOf(last) : 0] as const;
    return statementsIn(body, span, { source, ender: undefined });
  });
  const read = {
    source: source.script.slice(after, end).replace(/^(?:[ \t]|\\\r?\n)*(?:&&|;)?(?:[ \t]|\\\r?\n)*\n?/, ''),
    own: source.script.slice(node.pos, node.end),
    does: withoutPrints(node, source),
    sets: [...new Set(namesIn(node))],
    acts: [...new Set(actsIn(node))],
    runs: commandsIn(node),
    transforms: transformsIn(node),
    list,
    loop: node.type === 'For' ? loopOf(node, source) : undefined,
    form: formOf(node),
    choice,
    ...(choice && 'branches' in choice && choice.sets.length === 0 && { setters: settersOf(choice) }),
  };
  if (node.type !== 'Command')
    return { ...read, words: [], assigns: [], appendsTo: undefined, simple: false };
  const appended = node.redirects.find(({ operator }) => operator === '>>');
  const others = node.redirects.filter((redirect) => redirect !== appended && !isSilence(redirect));
  const words = wordsOf(node).map((word) => wordIn(word, source));
  const exported = exportedIn(node, source);
  return {
    ...read,
    words: exported ? [] : words,
    assigns: exported ?? assignmentsIn(node.prefix, source),
    appendsTo: appended && targetOf(appended, source),
    simple: others.length === 0,
  };
}

/** What a condition asks does not show in a name that a branch sets. */
function settersOf({ branches }: Choice): readonly ShellStatement[] {
  return branches.flatMap(({ body }) => body.flatMap((each) => each.setters ?? [each]));
}

function formOf(node: Node): string {
  if (node.type !== 'Statement') return node.type;
  return node.background ? 'Background' : node.command.type;
}

function withoutPrints(node: Node, { script }: Source): string {
  let [text, at] = ['', node.pos];
  for (const [from, to] of printsIn(node)) {
    text += script.slice(at, from);
    at = to;
  }
  return text + script.slice(at, node.end);
}

/** A loop whose turns are statements like any others: nothing in it ends the loop, and a turn only where a condition says so. */
function loopOf({ name, wordlist, body }: For, source: Source): Loop | undefined {
  if (wordlist === undefined) return undefined;
  const [first] = body.commands;
  const statements = statementsIn(body.commands, [first?.pos ?? 0, lastOf(body)], {
    source,
    ender: 'continue',
  });
  if (statements.some(({ acts, choice }) => acts.length > 0 && !endsTurn(choice))) return undefined;
  return {
    name: name.value,
    words: wordlist.map((word) => ({ word: wordIn(word, source), text: textAt(word, source) })),
    body: statements,
  };
}

function endsTurn(choice: ShellStatement['choice']): boolean {
  return choice !== undefined && 'branches' in choice && choice.branches.some(({ ends }) => ends);
}

function assignmentsIn(given: Command['args'] | Command['prefix'], source: Source): readonly Assigned[] {
  return given.flatMap((each) => (each.type === 'Assignment' ? [assignedBy(each, source)] : []));
}

/** `export NAME=VALUE …` assigns as `NAME=VALUE` does. */
function exportedIn({ name, args, prefix }: Command, source: Source): readonly Assigned[] | undefined {
  if (name?.value !== 'export' || args.length === 0 || prefix.length > 0) return undefined;
  const assigns = assignmentsIn(args, source);
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
  return 'target' in redirect && redirect.target?.type === 'Word' ? wordIn(redirect.target, source) : [];
}
