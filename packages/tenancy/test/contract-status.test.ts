import { expect, test } from '@jest/globals';
import { contractStatus } from '../src/contract-status.ts';
import { acme } from './contracts.ts';

const { prod: PROD } = acme().environments;

const at = Date.UTC(2026, 11, 1);
const due = (change: object, newest?: string) =>
  contractStatus({ ...acme(), ...change }, {}, { newest, at }).find(
    ({ environment }) => environment === 'prod',
  )?.due;

test.each<readonly [string, object, string | undefined, readonly string[]]>([
  ['nothing of a contract with time left', {}, undefined, []],
  [
    'to renew one that ends soon',
    { expires: '2027-01-15T00:00:00Z' },
    undefined,
    ['It ends in 45 days: agree on a new one.'],
  ],
  [
    'that an ended one delivers nothing',
    { expires: '2026-11-30T00:00:00Z' },
    undefined,
    ['It has ended: nothing is delivered until a new serial is published.'],
  ],
  ['nothing when the newest release is trusted', { releases: ['v0.1.0', 'v0.2.0'] }, 'v0.2.0', []],
  ['to trust the newest release', {}, 'v0.2.0', ['The roles do not trust v0.2.0, the newest release.']],
  [
    'which ids are still missing, and how they come there',
    { environments: { prod: { ...PROD, vpc: { cidr: '10.20.0.0/16' } } } },
    undefined,
    [
      'It has no vpc.id: provision the network, then run `contract complete`; nothing can be delivered before.',
    ],
  ],
])('says %s', (_, change, newest, sentences) => {
  expect(due(change, newest)).toEqual(sentences);
});
