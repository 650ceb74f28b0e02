import { expect, test } from '@jest/globals';
import { contractOfSize } from '../src/contract-of-size.ts';
import { judgeCalls } from '../src/doctor/called-releases.ts';

const contract = {
  ...contractOfSize({ services: 1, repositories: 1, releases: 1, longest: false }),
  releases: ['v1.0.0', 'v1.1.0'],
};
const PLACE = { contract, provider: 'OWNER/tenant-delivery' };

const job = (uses: string) => `on: push\njobs:\n  deliver:\n    uses: ${uses}\n`;
const deliver = (ref: string) => ({
  path: '.github/workflows/deliver.yml',
  text: job(`OWNER/tenant-delivery/.github/workflows/deliver.yml@${ref}`),
});
const step = (ref: string) => ({
  path: '.github/actions/gate/action.yml',
  text: `runs:\n  using: composite\n  steps:\n    - uses: owner/Tenant-Delivery/actions/close-change@${ref}\n`,
});
const OTHERS = {
  path: '.github/workflows/ci.yml',
  text: job('OWNER/tenant-delivery-fork/.github/workflows/deliver.yml@main'),
};

test.each([
  ['calls the newest release', [deliver('v1.1.0'), step('v1.1.0')], 'v1.1.0', 'it calls v1.1.0'],
  [
    'calls what is agreed, while nobody agreed on the newest',
    [deliver('v1.1.0')],
    'v1.2.0',
    'it calls v1.1.0',
  ],
  [
    'calls nothing of ours',
    [OTHERS],
    'v1.1.0',
    'nothing on its default branch calls OWNER/tenant-delivery yet',
  ],
  ['is seen where nobody knows the newest', [deliver('v1.0.0')], undefined, 'it calls v1.0.0'],
  [
    'has another file that is no YAML',
    [deliver('v1.1.0'), { path: 'x.yml', text: ':\n- [' }],
    'v1.1.0',
    'it calls v1.1.0',
  ],
])('ok: a repository that %s', (_, files, newest, found) => {
  expect(judgeCalls(PLACE, files, newest)).toEqual({ result: 'ok', found, mend: '' });
});

test.each([
  [
    'a release that is behind',
    [deliver('v1.0.0'), step('v1.1.0')],
    /deliver\.yml call v1\.0\.0, and v1\.1\.0 is the newest/,
  ],
  [
    'a release that the roles do not trust',
    [deliver('v0.9.0')],
    /call v0\.9\.0, which the roles do not trust/,
  ],
  ['a branch', [deliver('main')], /call main, which the roles do not trust/],
  ['a commit', [step('a'.repeat(40))], /action\.yml call a{40}, which/],
])('wrong: a repository that calls %s', (_, files, found) => {
  expect(judgeCalls(PLACE, files, 'v1.1.0')).toEqual({
    result: 'wrong',
    found: expect.stringMatching(found),
    mend: expect.stringMatching(/^Replace @\S+ by @v1\.1\.0 there, as docs\/upgrading\.md says$/),
  });
});

test('unknown: a file that names us and cannot be read', () => {
  const file = { ...deliver('v1.1.0'), text: `${deliver('v1.1.0').text}  bad\n` };
  expect(judgeCalls(PLACE, [file], 'v1.1.0')).toMatchObject({
    result: 'unknown',
    found: expect.stringMatching(/deliver\.yml could not be read: line \d/),
  });
});
