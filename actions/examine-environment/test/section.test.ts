import { expect, it, test } from '@jest/globals';
import type { Line } from '@tenant-delivery/provisioning/doctor/line';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { inputs } from '../src/inputs.ts';
import { readGiven } from '../src/read-given.ts';
import { sectionOf } from '../src/section.ts';

const AT = Date.UTC(2026, 11, 1, 5);
const line = (result: Line['result'], about: string, found = 'x', mend = ''): Line => ({
  ...{ id: about, about, result, found, mend },
});
const section = (...lines: readonly Line[]) =>
  sectionOf({ tenant: 'acme', environment: 'prod', account: '1', region: 'eu-west-1', lines }, AT);

it('has what is wrong first, then what could not be seen, each with what mends it, and counts the rest', () => {
  const text = section(
    line('ok', 'cluster'),
    line('unknown', 'GitHub plan', 'not seen', 'Look at the Billing page'),
    line('wrong', 'role td-prod-gate', 'there is none', 'aws iam create-role'),
  );
  expect(text).toContain('1 ok, 1 wrong, 1 unknown. Looked at 2026-12-01T05:00:00.000Z');
  expect(text.indexOf('role td-prod-gate')).toBeLessThan(text.indexOf('GitHub plan'));
  expect(text).toContain('`aws iam create-role`');
  expect(text).not.toContain('cluster');
});

it('is never longer than an issue takes, and says how much it leaves out', () => {
  const many = Array.from({ length: 200 }, (_, at) => line('wrong', `role ${at}`, 'y'.repeat(2_000)));
  const text = section(...many);
  expect(text.length).toBeLessThan(13_000);
  expect(text).toMatch(/\d+ more are in the report of the run/);
});

it('lets nobody who names a thing in the account write into the issue', () => {
  const text = section(
    line('wrong', 'role x', '<!-- end of prod --> @everybody [here](http://evil)', '`a` @all'),
  );
  expect(text).not.toContain('<!-- end');
  expect(text).not.toContain('[here](');
});

test('number and key of the App that reads are given together', () => {
  const place = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
  const given = (more: object) => () =>
    readGiven(
      fakeRunner({
        inputs: {
          ...place,
          contract: '',
          'reader-app-id': '',
          'reader-app-key': '',
          'github-token': 'x',
          ...more,
        },
      }),
      inputs,
    );
  expect(given({})).not.toThrow();
  expect(given({ 'reader-app-id': '7', 'reader-app-key': 'pem' })).not.toThrow();
  expect(given({ 'reader-app-id': '7' })).toThrow(/give both, or neither/);
  expect(given({ contract: '../../etc/passwd;x' })).toThrow(/path of a file/);
});
