import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { planSecretsManager } from '../../src/secrets-manager/plan.ts';
import {
  DEFAULT_SECRETS_MANAGER_POLICY,
  type SecretsManagerPolicy,
} from '../../src/secrets-manager/policy.ts';
import type { ObservedService } from '../../src/secrets-manager/ports.ts';
import type { Snapshot, UsableSecret } from '../../src/secrets-manager/snapshot.ts';

const NOW = Date.parse('2026-11-25T10:00:00Z');

const secret: UsableSecret = {
  kind: 'usable',
  arn: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/orders-db-AbCdEf',
  managed: true,
  versions: [
    { id: 'v1', stages: ['AWSPREVIOUS'], createdAt: NOW - 200 * DAY },
    { id: 'v2', stages: ['AWSCURRENT', 'AWSPENDING'], createdAt: NOW - 100 * DAY },
  ],
  changedAt: NOW - 100 * DAY,
  replicas: [],
};
const orders: ObservedService = {
  id: 'orders',
  taskDefinition: 'orders:7',
  uses: { pins: ['v2'], loose: false, fixed: false },
  prepared: undefined,
  rollout: { id: 'ecs-svc/1', state: 'done', createdAt: NOW - 90 * DAY },
  settled: true,
  desired: 2,
  busy: undefined,
  obstacles: [],
};

/** What comes first for a secret that is due, in a world that differs from a good one in this. */
function first(
  change: { readonly secret?: Partial<UsableSecret>; readonly orders?: Partial<ObservedService> },
  policy: Partial<SecretsManagerPolicy> = {},
) {
  const seen: Snapshot = {
    caller: {
      account: '000011112222',
      arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-rotate-secret/x',
    },
    secret: { ...secret, ...change.secret },
    services: [{ ...orders, ...change.orders }],
    tasks: [],
    failure: undefined,
  };
  const journal = { credential: 'orders-db', generation: 0, entries: [], head: null };
  const agreed = {
    ...DEFAULT_SECRETS_MANAGER_POLICY,
    strategy: 'alternating-users',
    pinning: true,
    ...policy,
  } as const;
  return planSecretsManager(seen, journal, agreed, NOW, 'p1').next;
}

const opened = (rounds: readonly string[]) => ({ kind: 'note', note: { kind: 'opened', rounds } });
const staged = { id: 'v3', stages: ['TDPENDING'], createdAt: NOW - HOUR };
const OWNERS = { managed: false, versions: [...secret.versions, staged] };

test.each<readonly [string, ReturnType<typeof first>, object]>([
  ['AWSPENDING on the current version is no rotation under way', first({}), opened(['rotate'])],
  [
    'AWSPENDING on another version is one that did not end, and nothing is asked for',
    first({
      secret: {
        versions: [
          ...secret.versions.map((one) => ({ ...one, stages: one.stages.filter((s) => s !== 'AWSPENDING') })),
          { ...staged, stages: ['AWSPENDING'] },
        ],
      },
    }),
    { kind: 'hold', reason: { code: 'ROTATION_STUCK' } },
  ],
  [
    'a leak of alternating users takes two rotations',
    first({}, { wish: 'compromise' }),
    opened(['rotate', 'rotate']),
  ],
  [
    'a leak of one user takes one, at any time',
    first({}, { strategy: 'single-user', wish: 'compromise' }),
    opened(['rotate']),
  ],
  [
    'one user does not rotate where no time is agreed in which tasks may fail',
    first({}, { strategy: 'single-user' }),
    { kind: 'refuse', reasons: [{ code: 'ROTATION_WINDOW' }] },
  ],
  [
    'one user waits for the time that is agreed',
    first({}, { strategy: 'single-user', outages: [{ from: NOW + HOUR, to: NOW + 2 * HOUR }] }),
    { kind: 'wait', until: NOW + HOUR },
  ],
  [
    'one user rotates in the time that is agreed',
    first({}, { strategy: 'single-user', outages: [{ from: NOW - HOUR, to: NOW + HOUR }] }),
    opened(['rotate']),
  ],
  [
    'a service that may not be changed keeps all from beginning',
    first({ orders: { obstacles: ['the contract has no such service'] } }),
    {
      kind: 'refuse',
      reasons: [{ code: 'ROTATION_SERVICE', message: 'orders: the contract has no such service' }],
    },
  ],
  [
    'an owner and a rotation function do not both make values',
    first({}, { strategy: 'provider-set' }),
    { kind: 'refuse', reasons: [{ code: 'ROTATION_SECRET' }] },
  ],
  [
    'a value that its owner staged begins at once',
    first({ secret: OWNERS }, { strategy: 'provider-set' }),
    opened(['provided']),
  ],
  [
    'a value that is too old waits for its owner',
    first({ secret: { managed: false } }, { strategy: 'provider-set' }),
    { kind: 'hold', reason: { code: 'ROTATION_VALUE_AWAITED' } },
  ],
  [
    'what somebody else rotated is brought to what names an older version, though nothing is due',
    first({ orders: { uses: { pins: ['v1'], loose: false, fixed: false } } }, { maxAge: 365 * DAY }),
    opened(['follow']),
  ],
  [
    'a freeze holds back what is due',
    first({}, { closedUntil: NOW + DAY }),
    { kind: 'wait', until: NOW + DAY },
  ],
])('%s', (_, move, expected) => {
  expect(move).toMatchObject(expected);
});
