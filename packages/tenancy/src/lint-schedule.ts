interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** "Cron expressions", Amazon EventBridge Scheduler User Guide, which AWS Backup points to. */
const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 1, most: 7, names: DAYS },
  { name: 'year', least: 1970, most: 2199 },
];
const [DAY, WEEKDAY] = [2, 4];

/** What AWS Backup would refuse of a schedule that has six fields. */
export function lintSchedule(schedule: string): readonly string[] {
  const fields = schedule.slice('cron('.length, -1).split(' ');
  const wrong = FIELDS.flatMap((field, at) => {
    const given = fields[at] ?? '';
    return isField(field, at, given)
      ? []
      : [`${given} is no ${field.name}; it goes from ${field.least} to ${field.most}`];
  });
  const open = [fields[DAY], fields[WEEKDAY]].filter((given) => given === '?').length;
  return open === 1
    ? wrong
    : [
        ...wrong,
        'the day of the month or the day of the week must be `?`, and not both, such as cron(0 3 * * ? *)',
      ];
}

function isField(field: Field, at: number, given: string): boolean {
  if (given === '*') return true;
  const ofDays = at === DAY || at === WEEKDAY;
  if (ofDays && (given === '?' || given === 'L' || (at === DAY && given === 'LW'))) return true;
  return given.split(',').every((part) => isPart(field, ofDays ? part.replace(/(L|W|#[1-5])$/, '') : part));
}

/** `5`, `1-5`, `MON-FRI`, `0/12`, `*` with a step. */
function isPart({ least, most, names = [] }: Field, part: string): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return step !== undefined;
  const ends = range
    .split('-')
    .map((end) => (names.includes(end) ? names.indexOf(end) + least : numberIn(end)));
  return ends.length <= 2 && ends.every((end) => end >= least && end <= most);
}

function numberIn(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
