import { expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { SecretsManagerFact, Step } from '../../src/secrets-manager/facts.ts';
import { planSecretsManager } from '../../src/secrets-manager/plan.ts';
import { DEFAULT_SECRETS_MANAGER_POLICY } from '../../src/secrets-manager/policy.ts';
import type { ObservedService, ObservedTask } from '../../src/secrets-manager/ports.ts';
import type { Snapshot, UsableSecret } from '../../src/secrets-manager/snapshot.ts';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const STAGED = [
  { id: 'v1', stages: ['AWSCURRENT'], createdAt: NOW - 100 * DAY },
  { id: 'v2', stages: ['TDPENDING'], createdAt: NOW - HOUR },
];
const PROMOTED = [
  { id: 'v1', stages: ['AWSPREVIOUS'], createdAt: NOW - 100 * DAY },
  { id: 'v2', stages: ['AWSCURRENT', 'TDPENDING'], createdAt: NOW - HOUR },
];

function service(id: string, pin: string, more: Partial<ObservedService> = {}): ObservedService {
  return {
    id,
    taskDefinition: `${id}:${pin}`,
    uses: { pins: [pin], loose: false, fixed: false },
    prepared: { version: 'v2', revision: `${id}:v2` },
    rollout: { id: 'ecs-svc/1', state: 'done', createdAt: NOW - HOUR },
    settled: true,
    desired: 1,
    busy: undefined,
    obstacles: [],
    ...more,
  };
}

function task(of: string | undefined, pin: string, more: Partial<ObservedTask> = {}): ObservedTask {
  return {
    id: `task-of-${of ?? 'nobody'}`,
    service: of,
    taskDefinition: `${of ?? 'nobody'}:${pin}`,
    uses: { pins: [pin], loose: false, fixed: false },
    createdAt: NOW - HOUR,
    running: true,
    healthy: true,
    pulled: true,
    ...more,
  };
}

const GOING = { id: 'ecs-svc/2', state: 'going', createdAt: NOW - MINUTE } as const;
const PULLS = { uses: { pins: [], loose: false, fixed: true } };
const attested = (id: string, tasks = 1): SecretsManagerFact => ({
  kind: 'attested',
  service: id,
  version: 'v2',
  taskDefinition: `${id}:v2`,
  tasks,
});
const promoted: SecretsManagerFact = { kind: 'promoted', version: 'v2' };
const deploy: Step = {
  do: 'deploy',
  service: 'orders',
  version: 'v2',
  revision: 'orders:v2',
  from: 'orders:v1',
  rollout: 'ecs-svc/1',
};
const began: SecretsManagerFact = { kind: 'began', step: deploy, session: 'arn' };
const done: SecretsManagerFact = { kind: 'ended', step: deploy, answer: 'done' };
const unknown: SecretsManagerFact = { kind: 'ended', step: deploy, answer: 'unknown' };

interface Scene {
  readonly services: readonly ObservedService[];
  readonly tasks?: readonly ObservedTask[];
  readonly versions?: UsableSecret['versions'];
  readonly replicas?: UsableSecret['replicas'];
  /** What the journal says after a value was staged and chosen; each half an hour ago. */
  readonly said?: readonly SecretsManagerFact[];
}

/** What comes next for a value that its owner staged as v2 in place of v1. */
function next({ services, tasks = [], versions = STAGED, replicas = [], said = [] }: Scene) {
  const opened: SecretsManagerFact = {
    kind: 'opened',
    reason: 'staged',
    strategy: 'provider-set',
    secret: 'arn',
    account: '000011112222',
    before: ['v1', 'v2'],
    current: 'v1',
    since: '2026-08-01T00:00:00.000Z',
    consumers: services.map(({ id }) => id),
    rounds: ['provided'],
    maxAgeDays: 90,
  };
  const facts: readonly SecretsManagerFact[] = [opened, { kind: 'chosen', version: 'v2' }, ...said];
  const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
  const at = new Date(NOW - 30 * MINUTE).toISOString();
  const place = { schemaVersion: 1, credential: 'search-api', generation: 1, prev: null, at, by } as const;
  const journal: Journal<SecretsManagerFact> = {
    credential: 'search-api',
    generation: 1,
    entries: facts.map((fact, seq) => ({ ...place, seq, fact })),
    head: null,
  };
  const seen: Snapshot = {
    caller: { account: '000011112222', arn: 'arn' },
    secret: { kind: 'usable', arn: 'arn', managed: false, versions, changedAt: NOW - HOUR, replicas },
    services,
    tasks,
    failure: undefined,
  };
  const policy = { ...DEFAULT_SECRETS_MANAGER_POLICY, strategy: 'provider-set', pinning: true } as const;
  return planSecretsManager(seen, journal, policy, NOW, 'p2').next;
}

const brought = { services: [service('orders', 'v2')], tasks: [task('orders', 'v2')] };

test.each<readonly [string, ReturnType<typeof next>, object]>([
  [
    'one service goes ahead with a value that nothing has shown to work',
    next({
      services: [service('orders', 'v1'), service('billing', 'v2', { rollout: GOING })],
      tasks: [task('orders', 'v1'), task('billing', 'v1')],
    }),
    { kind: 'wait' },
  ],
  [
    'the others follow once it has shown it',
    next({
      services: [service('orders', 'v1'), service('billing', 'v2')],
      tasks: [task('orders', 'v1'), task('billing', 'v2')],
      said: [attested('billing')],
    }),
    { kind: 'act', step: { do: 'deploy', service: 'orders' } },
  ],
  [
    'a deployment of somebody else is waited for',
    next({
      services: [service('orders', 'v1', { rollout: GOING })],
    }),
    { kind: 'wait' },
  ],
  [
    'a service whose lock a delivery holds is waited for',
    next({ services: [service('orders', 'v1', { busy: { until: NOW + HOUR, why: 'chg_1' } })] }),
    { kind: 'wait', until: NOW + HOUR },
  ],
  [
    'a deployment that ECS took back, by its old id, is not tried again by itself',
    next({ services: [service('orders', 'v1')], tasks: [task('orders', 'v1')], said: [began, done] }),
    { kind: 'hold', reason: { code: 'ROTATION_DEPLOY_FAILED' } },
  ],
  [
    'one whose answer was lost, and that ECS does not know, is asked for again',
    next({ services: [service('orders', 'v1')], tasks: [task('orders', 'v1')], said: [began, unknown] }),
    { kind: 'act', step: { do: 'deploy', service: 'orders' } },
  ],
  [
    'a task that is not healthy shows nothing',
    next({ ...brought, tasks: [task('orders', 'v2', { healthy: false })] }),
    { kind: 'wait' },
  ],
  ['a service without a task shows nothing', next({ ...brought, tasks: [] }), { kind: 'wait' }],
  [
    'a value that no task at all works with is not made current',
    next({ services: [service('orders', 'v2', { desired: 0 })], said: [attested('orders', 0)] }),
    { kind: 'hold', reason: { code: 'ROTATION_NOT_PROVEN' } },
  ],
  [
    'a value is made current after it is proven',
    next({ ...brought, said: [attested('orders'), { kind: 'proved', version: 'v2', by: 'orders' }] }),
    { kind: 'act', step: { do: 'promote', version: 'v2', from: 'v1' } },
  ],
  [
    'a task that pulled nothing shows nothing of the credentials of a registry, which are taken back',
    next({
      services: [service('orders', 'v2', PULLS)],
      tasks: [task('orders', 'v2', { ...PULLS, pulled: false, createdAt: NOW })],
      versions: PROMOTED,
      said: [promoted],
    }),
    { kind: 'act', step: { do: 'demote', version: 'v1', from: 'v2' } },
  ],
  [
    'a task that was made before its credentials became current is replaced',
    next({
      services: [service('orders', 'v2', PULLS)],
      tasks: [task('orders', 'v2', PULLS)],
      versions: PROMOTED,
      said: [promoted],
    }),
    { kind: 'act', step: { do: 'restart', service: 'orders' } },
  ],
  [
    'a copy in another region that does not get the value keeps the rotation open',
    next({
      ...brought,
      versions: PROMOTED,
      said: [attested('orders'), promoted],
      replicas: [{ region: 'eu-central-1', status: 'Failed' }],
    }),
    { kind: 'hold', reason: { code: 'ROTATION_REPLICA' } },
  ],
  [
    'a task beside the services that has the old value keeps it open',
    next({
      ...brought,
      tasks: [task('orders', 'v2'), task(undefined, 'v1')],
      versions: PROMOTED,
      said: [attested('orders'), promoted],
    }),
    { kind: 'wait' },
  ],
  [
    'nothing is left, and the label of the owner goes',
    next({
      ...brought,
      versions: PROMOTED,
      said: [attested('orders'), promoted, { kind: 'drained', version: 'v2' }],
    }),
    { kind: 'act', step: { do: 'settle', version: 'v2' } },
  ],
])('%s', (_, move, expected) => {
  expect(move).toMatchObject(expected);
});
