import { changed, dropped, type Row, same } from '../draft.ts';
import { hasExpression, onlyExpression } from '../expressions.ts';
import type { Texts } from '../workflow.ts';

export interface Inputs {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
}

/** The wait of their deploy action, where nobody gave another one. */
const THEIR_MINUTES = '30';
const OUR_MINUTES = '20';
const MOST_MINUTES = 360;

/** Whether a deploy is followed, and how long. */
export function waitOf(given: Texts): Inputs | { readonly left: string } {
  const [wait = '', minutes = ''] = [given['wait-for-service-stability'], given['wait-for-minutes']];
  if (!hasExpression(wait) && wait.trim().toLowerCase() !== 'true') {
    const said = wait.trim() === '' ? 'wait-for-service-stability (left out)' : 'wait-for-service-stability';
    const rows = minutes === '' ? [] : [dropped('wait-for-minutes', 'the step does not wait')];
    return { inputs: [['wait', 'false']], rows: [same(said, 'wait: false'), ...rows] };
  }
  const expression = onlyExpression(wait);
  if (hasExpression(wait) && expression === undefined)
    return { left: 'of `wait-for-service-stability` only a part is an expression' };
  const asked = minutesOf(minutes);
  if (asked === undefined) return { left: 'of `wait-for-minutes` only a part is an expression' };
  const row = expression
    ? same('wait-for-service-stability', 'wait')
    : changed(
        'wait-for-service-stability',
        'this deployment is followed to its end, in place of waiting until the service is stable',
      );
  return {
    inputs: [
      ...(expression ? [['wait', isTrue(expression)] as const] : []),
      ...(asked === OUR_MINUTES ? [] : [['timeout-minutes', asked] as const]),
    ],
    rows: [row, minutesRow(minutes, asked)],
  };
}

/** As the action reads it: the number at the beginning, 30 where there is none or it is 0, and at most 360. */
export function minutesOf(given = ''): string | undefined {
  if (!hasExpression(given))
    return String(Math.min(Number.parseInt(given, 10) || Number(THEIR_MINUTES), MOST_MINUTES));
  const expression = onlyExpression(given);
  return expression === undefined ? undefined : `\${{ ${expression} || '${THEIR_MINUTES}' }}`;
}

/** What the action takes for true: the word, in whatever case. Nothing else is, and a value that is not set. */
export function isTrue(expression: string): string {
  return `\${{ format('{0}', ${expression}) == 'true' }}`;
}

function minutesRow(given: string, asked: string): Row {
  const end = 'when the time is over, the deployment is stopped and rolled back';
  if (given === '') return changed(`wait-for-minutes (left out, ${THEIR_MINUTES})`, end, 'timeout-minutes');
  const most = Number(given) > MOST_MINUTES ? `; ${MOST_MINUTES} is the most in both` : '';
  const odd =
    !hasExpression(given) && most === '' && asked !== given ? `; the action takes it for ${asked}` : '';
  return changed('wait-for-minutes', `${end}${most}${odd}`, 'timeout-minutes');
}
