import { expect, test } from '@jest/globals';
import { acknowledgedBy, acknowledgements } from '../src/acknowledgements.ts';

const ONE = '0123456789ab';
const TWO = 'ba9876543210';

test.each([
  [`hq=${ONE}`, ['hq'], { hq: ONE }],
  [ONE, ['hq'], { hq: ONE }],
  ['', ['hq', 'td/prod/batch'], { hq: undefined, 'td/prod/batch': undefined }],
  [`hq=${ONE}\ntd/prod/batch=${TWO}`, ['hq', 'td/prod/batch'], { hq: ONE, 'td/prod/batch': TWO }],
  [`td/prod/batch=${TWO}, hq=${ONE}`, ['hq', 'td/prod/batch', 'site'], { hq: ONE, site: undefined }],
])('%j says of each consumer what was said of it, and of no other', (given, people, expected) => {
  const read = acknowledgements(given);
  if ('problem' in read) throw new Error(read.problem);
  const said = acknowledgedBy(read.value, people);
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, said(name)]))).toEqual(expected);
});

test.each([
  ['hq', 'no acknowledgement'],
  [`${ONE} ${TWO}`, 'without a name'],
  [`hq=${ONE} ${TWO}`, 'without a name'],
  [`hq=${ONE} hq=${TWO}`, 'twice'],
  ['hq=AKIAIOSFODNN7EXAMPLE', 'no acknowledgement'],
])('%j is a mistake', (given, why) => {
  expect(acknowledgements(given)).toMatchObject({ problem: expect.stringContaining(why) });
});

test('a fingerprint alone could be anybody’s where several acknowledge, and a name must be somebody’s', () => {
  expect(() => acknowledgedBy(ONE, ['hq', 'site'])).toThrow(
    /does not say for whom: give NAME=FINGERPRINT, for hq, site/,
  );
  expect(() => acknowledgedBy(`hp=${ONE}`, ['hq'])).toThrow(/names hp: give one of hq/);
  expect(() => acknowledgedBy(ONE, [])).toThrow(/nobody here acknowledges/);
});
