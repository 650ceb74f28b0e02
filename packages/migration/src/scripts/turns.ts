import { hasExpression } from '../expressions.ts';
import { expandAll, type HandedOn, type Variables } from './expand.ts';
import { assignment, type ShellStatement } from './read-script.ts';
import type { ShellPiece } from './read-words.ts';

/** More turns than a person would write as steps. */
const MOST = 24;

/**
 * A loop over names that are written out, as the statements of its turns. Nothing where a shell alone knows
 * the names, or a command of the loop ends a turn.
 */
export function turnsOf(
  { loop }: ShellStatement,
  variables: Variables,
): readonly (readonly ShellStatement[])[] | undefined {
  if (loop === undefined) return undefined;
  // A loop reads its words once, before its first turn.
  const set = [loop.name, ...loop.body.flatMap(({ sets }) => sets)];
  const asks = loop.words.flatMap(({ word }) => word.flatMap((piece) => nameIn(piece) ?? []));
  if (asks.some((name) => set.includes(name))) return undefined;
  const turns: ShellStatement[] = [];
  for (const { word, text } of loop.words) {
    const used: HandedOn[] = [];
    const names = expandAll([word], variables, used);
    if ('why' in names || used.length > 0) return undefined;
    const [only, ...more] = names;
    const several = more.length > 0 || (only !== undefined && word.some((piece) => 'elements' in piece));
    if (several && names.some((name) => hasExpression(name))) return undefined;
    if (several) turns.push(...names.map((name) => assignment(loop.name, quoted(name), [{ literal: name }])));
    else if (only !== undefined) turns.push(assignment(loop.name, text, word));
  }
  if (turns.length > MOST) return undefined;
  return turns.map((turn) => [turn, ...loop.body.map(again)]);
}

/** Each turn has statements of its own, which are told apart by what they are. */
function again(statement: ShellStatement): ShellStatement {
  const { choice, loop } = statement;
  return {
    ...statement,
    ...(loop && { loop: { ...loop, body: loop.body.map(again) } }),
    ...(choice &&
      'branches' in choice && {
        choice: {
          ...choice,
          branches: choice.branches.map((branch) => ({ ...branch, body: branch.body.map(again) })),
        },
      }),
  };
}

function nameIn(piece: ShellPiece): string | undefined {
  if ('elements' in piece) return piece.elements;
  return 'variable' in piece ? piece.variable : undefined;
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
