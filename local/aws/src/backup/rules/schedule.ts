/** One of the six fields: the numbers that it has, the names for some of them, and the signs of its own. */
interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** What may stand there alone or behind a number, beside `,` `-` `*` and `/`. */
  readonly signs?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** "Cron expressions", Amazon CloudWatch Events: minutes, hours, day of the month, month, day of the week, year. */
const FIELDS: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31, signs: /^(\?|L|LW|\d{1,2}W)$/ },
  { from: 1, to: 12, names: MONTHS },
  { from: 1, to: 7, names: WEEKDAYS, signs: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { from: 1970, to: 2199 },
];

/** Whether a backup can be made by it: six fields in range, and a question mark for one of the two days. */
export function isSchedule(expression: string): boolean {
  const [, inside = ''] = /^cron\((.+)\)$/.exec(expression) ?? [];
  const parts = inside.split(' ');
  if (parts.length !== FIELDS.length) return false;
  if ((parts[2] === '?') === (parts[4] === '?')) return false;
  return FIELDS.every((field, i) => (parts[i] ?? '').split(',').every((one) => fits(one, field)));
}

function fits(one: string, field: Field): boolean {
  if (field.signs?.test(one)) return true;
  const [range = '', step, ...rest] = one.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(end, field));
  return ends.length <= 2 && ends.every((end) => end >= field.from && end <= field.to);
}

/** What a part says, by number or by name. */
function numberOf(part: string, { from, names = [] }: Field): number {
  const named = names.indexOf(part.toUpperCase());
  if (named >= 0) return from + named;
  return /^\d+$/.test(part) ? Number(part) : Number.NaN;
}
