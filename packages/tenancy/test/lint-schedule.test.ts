import { expect, test } from '@jest/globals';
import { lintSchedule } from '../src/lint-schedule.ts';

test.each([
  'cron(0 3 * * ? *)',
  'cron(30 1,13 ? * MON-FRI *)',
  'cron(0 0/12 L * ? *)',
  'cron(0 5 ? JAN,JUL 2#1 2027-2030)',
  'cron(*/30 * 15W * ? *)',
  'cron(0 3 ? * FRI-MON *)', // no page says whether a range may go over the end of the week
])('takes %s', (schedule) => {
  expect(lintSchedule(schedule)).toEqual([]);
});

const DAYS =
  'the day of the month or the day of the week must be `?`, and not both, such as cron(0 3 * * ? *)';

test.each([
  ['cron(99 3 * * ? *)', ['99 is no minutes; it goes from 0 to 59']],
  ['cron(0 24 32 13 ? *)', ['24 is no hours', '32 is no day of the month', '13 is no month']],
  ['cron(0 3 ? * MOON *)', ['MOON is no day of the week; it goes from 1 to 7']],
  ['cron(0 3 ? * 2#6 27)', ['2#6 is no day of the week', '27 is no year; it goes from 1970 to 2199']],
  ['cron(0 3 1-2-3 * ? *)', ['1-2-3 is no day of the month']],
  ['cron(0/0 3 * * ? *)', ['0/0 is no minutes']],
  ['cron(0 3 1 * MON *)', [DAYS]],
  ['cron(0 3 ? * ? *)', [DAYS]],
])('names what is wrong in %s', (schedule, problems) => {
  expect(lintSchedule(schedule)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
});
