import { type AndOr, type Case, forEachChild, type If, type Statement, type SyntaxNode } from 'unbash';
import { actsIn, isPlain, namesIn, wordsOf } from './acts.ts';
import { asOneLine, OURS } from './commands.ts';
import type { ShellStatement } from './read-script.ts';
import { type Source, textAt } from './read-words.ts';

/** `if`, `case`, `CONDITION && COMMAND`, `CONDITION || exit 0`: a shell decides which of its branches runs. */
export interface Choice {
  /** What is written before each branch, and after the last. */
  readonly frame: readonly string[];
  readonly branches: readonly Branch[];
  /** What it asks, as the script writes it. */
  readonly asks: readonly string[];
  /** Names that its conditions may set. */
  readonly sets: readonly string[];
  /** What fails where the condition of `CONDITION && COMMAND` does not hold, as that does where it is the last command of a script. */
  readonly must: string | undefined;
}

export interface Branch {
  readonly body: readonly ShellStatement[];
  /** By what it ends, so that nothing after the choice runs. */
  readonly ends: Ender;
}

/** What ends a list of statements early without a failure: `exit 0` a script, `continue` the turn of a loop. */
export type Ender = 'exit' | 'continue' | undefined;

type BodyOf = (body: readonly Statement[]) => readonly ShellStatement[];

/** What a choice is written as: the parts of the source, and what it asks. */
interface Written {
  readonly frame: readonly string[];
  readonly bodies: readonly (readonly Statement[])[];
  readonly asks: readonly SyntaxNode[];
  readonly must?: string;
}

export function choiceOf(
  node: SyntaxNode,
  { source, ender }: { readonly source: Source; readonly ender: Ender },
  bodyOf: BodyOf,
): ShellStatement['choice'] {
  const written = writtenIn(node, source, ender);
  if (written === undefined) return undefined;
  const branches: Branch[] = [];
  for (const body of written.bodies) {
    const last = body.at(-1);
    const ends = last !== undefined && isEnd(last, ender) ? ender : undefined;
    const rest = ends ? body.slice(0, -1) : body;
    const [act] = rest.flatMap((each) => actsIn(each));
    if (act !== undefined)
      return { why: `\`${act}\` in a condition of its script acts on what comes after that` };
    branches.push({ body: bodyOf(rest), ends });
  }
  return {
    frame: written.frame,
    branches,
    asks: written.asks.map((each) => textAt(each, source)),
    sets: written.asks.flatMap((each) => namesIn(each)),
    must: written.must,
  };
}

function writtenIn(node: SyntaxNode, source: Source, ender: Ender): Written | undefined {
  if (node.type === 'If') return ofIf(node, source);
  if (node.type === 'Case') return ofCase(node, source);
  if (node.type !== 'Statement' || node.background || node.command.type !== 'AndOr') return undefined;
  return ofList(node.command, source, ender);
}

function ofIf(node: If, source: Source): Written {
  const bodies = [node.then, ...node.elif.map(({ then }) => then), ...(node.else ? [node.else] : [])];
  return {
    frame: frameOf(node, bodies, source),
    bodies: bodies.map(({ commands }) => commands),
    asks: [node.clause, ...node.elif.map(({ clause }) => clause)],
  };
}

function ofCase(node: Case, source: Source): Written | undefined {
  if (node.items.some(({ terminator = ';;' }) => terminator !== ';;')) return undefined;
  const bodies = node.items.map(({ body }) => body);
  return {
    frame: frameOf(node, bodies, source),
    bodies: bodies.map(({ commands }) => commands),
    asks: [node.word, ...node.items.flatMap(({ pattern }) => pattern)],
  };
}

/** `CONDITION && COMMAND && …` with commands of ours, and `CONDITION || COMMAND`, where the last may be a group. */
function ofList({ commands, operators }: AndOr, source: Source, ender: Ender): Written | undefined {
  const last = commands.length - 1;
  const isOurs = (each: SyntaxNode) => OURS.test(asOneLine(textAt(each, source)));
  const group = commands[last];
  const ended = group !== undefined && endsWith(group, ender);
  const at = ended ? last : commands.findIndex(isOurs);
  if (at < 1 || commands.slice(0, at).some(isOurs)) return undefined;
  const operator = operators[at - 1];
  const after = operators.slice(at);
  if (operator === '||' ? at !== last : after.some((each) => each !== '&&')) return undefined;
  // A command that fails before the last one of a list does not end the script.
  if (!commands.slice(at, -1).every(isPlain)) return undefined;
  const asks = commands.slice(0, at);
  const [first, until] = [asks[0], asks.at(-1)];
  if (first === undefined || until === undefined || lastOf(until) !== until.end) return undefined;
  const condition = source.script.slice(first.pos, until.end);
  const parts = commands.slice(at).map(asStatement);
  const body = group?.type === 'BraceGroup' && at === last ? group.body.commands : parts;
  return {
    frame: operator === '&&' ? [`if ${condition}; then`, 'fi'] : [`if ${condition}; then :; else`, 'fi'],
    bodies: [body],
    asks,
    ...(operator === '&&' && !ended && { must: isOne(asks) ? condition : `${condition} || exit 1` }),
  };
}

/** Whether it is one command, whose failure ends a script by itself. */
function isOne([asked, ...more]: readonly SyntaxNode[]): boolean {
  return more.length === 0 && (asked?.type === 'Command' || asked?.type === 'TestCommand');
}

function asStatement(command: AndOr['commands'][number]): Statement {
  return { type: 'Statement', pos: command.pos, end: command.end, command, background: undefined };
}

function endsWith(node: SyntaxNode, ender: Ender): boolean {
  if (node.type !== 'BraceGroup') return node.type === 'Command' && isEnd(asStatement(node), ender);
  const last = node.body.commands.at(-1);
  return last !== undefined && isEnd(last, ender);
}

function isEnd({ command, background }: Statement, ender: Ender): boolean {
  if (command.type !== 'Command' || background) return false;
  const [name, status, ...more] = wordsOf(command);
  if (ender === undefined || name !== ender || more.length > 0) return false;
  return ender === 'exit' ? status === '0' : status === undefined || status === '1';
}

/** What is written around bodies. */
function frameOf(
  node: SyntaxNode,
  bodies: readonly (SyntaxNode & { readonly commands: readonly Statement[] })[],
  { script }: Source,
): readonly string[] {
  const frame: string[] = [];
  let from = node.pos;
  for (const { pos, end, commands } of bodies) {
    const last = commands.at(-1);
    frame.push(script.slice(from, commands[0]?.pos ?? pos));
    from = last ? lastOf(last) : end;
  }
  return [...frame, script.slice(from, node.end)];
}

/** Where a command ends, with the lines that it reads below itself. */
export function lastOf(node: SyntaxNode): number {
  let end = node.type === 'HereDoc' ? (node.closing?.end ?? node.body.end) : node.end;
  forEachChild(node, (child) => {
    end = Math.max(end, lastOf(child));
  });
  return end;
}
