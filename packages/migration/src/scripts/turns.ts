import { hasExpression } from '../expressions.ts';
import { expandAll, type HandedOn, type Variables } from './expand.ts';
import { assignment, type ShellStatement } from './read-script.ts';

/** More turns than a person would write as steps. */
const MOST = 24;

/**
 * A loop over names that are written out, as the statements of its turns one after the other. Nothing where a shell alone knows
 * the names, or a command of the loop ends a turn.
 */
export function turnsOf(
  { loop }: ShellStatement,
  variables: Variables,
): readonly ShellStatement[] | undefined {
  if (loop === undefined) return undefined;
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
  return turns.flatMap((turn) => [turn, ...loop.body.map((statement) => ({ ...statement }))]);
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
