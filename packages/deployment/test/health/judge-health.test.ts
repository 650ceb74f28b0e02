import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type GroupSample,
  type HealthSample,
  healthyByZone,
  taskHealth,
} from '../../src/health/health-sample.ts';
import { judgeHealth, neededTasks } from '../../src/health/judge-health.ts';
import { targetNotes } from '../../src/health/target-notes.ts';
import { zonesRequired } from '../../src/health/zones.ts';
import type { TargetState, Task } from '../../src/observed.ts';

const INDEX = `sha256:${'a'.repeat(64)}` as const;
const CHILD = `sha256:${'b'.repeat(64)}` as const;
const OTHER = `sha256:${'c'.repeat(64)}` as const;
const STARTED = Date.UTC(2026, 10, 24, 9);

function container(imageDigest: string | undefined) {
  return { name: 'app', exitCode: undefined, reason: undefined, imageDigest };
}

function task(n: number, more: Partial<Task> = {}): Task {
  return {
    arn: `arn:aws:ecs:eu-west-1:000011112222:task/acme-prod/${n}`,
    taskDefinition: 'arn:td:8',
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    zone: n % 2 === 0 ? 'eu-west-1a' : 'eu-west-1b',
    address: `10.20.0.${n}`,
    stopCode: undefined,
    stoppedReason: undefined,
    startedAt: STARTED,
    containers: [container(CHILD)],
    ...more,
  };
}

function target(n: number, state = 'healthy', reason?: string, more: Partial<TargetState> = {}): TargetState {
  return { address: `10.20.0.${n}`, port: 8080, state, reason, description: undefined, ...more };
}

function group(targets: readonly TargetState[], more: Partial<GroupSample> = {}): GroupSample {
  return {
    name: 'acme-orders',
    port: 8080,
    targets,
    healthCheck: { path: '/healthz', port: 'traffic-port', matcher: '200-299', timeoutSeconds: 5 },
    ...more,
  };
}

function sample(more: Partial<HealthSample> = {}): HealthSample {
  return {
    tasks: [task(1), task(2)],
    groups: [group([target(1), target(2)])],
    needed: 2,
    container: 'app',
    digests: new Set([INDEX, CHILD]),
    zones: { agreed: 2, maximumSkew: 1 },
    ...more,
  };
}

/** Two tasks; the second is in this state. */
function with2nd(state: string, reason?: string, description?: string, more: Partial<HealthSample> = {}) {
  return sample({ groups: [group([target(1), target(2, state, reason, { description })])], ...more });
}

/** The rows of deploying-to-ecs §3.11, each for a task of ours. */
test.each<[string, string | undefined, ReturnType<typeof judgeHealth>['kind']]>([
  ['initial', 'Elb.RegistrationInProgress', 'waiting'],
  ['initial', 'Elb.InitialHealthChecking', 'waiting'],
  ['healthy', undefined, 'good'],
  ['unhealthy', 'Target.ResponseCodeMismatch', 'bad'],
  ['unhealthy', 'Target.Timeout', 'bad'],
  ['unhealthy', 'Target.FailedHealthChecks', 'bad'],
  ['unhealthy', 'Elb.InternalError', 'waiting'],
  ['unavailable', 'Elb.InternalError', 'waiting'],
  ['unhealthy.draining', undefined, 'bad'],
  ['draining', 'Target.DeregistrationInProgress', 'bad'],
  ['unused', 'Target.NotRegistered', 'waiting'],
  ['unused', 'Target.NotInUse', 'hopeless'],
  ['unused', 'Target.InvalidState', 'hopeless'],
  ['unused', 'Target.IpUnusable', 'hopeless'],
  ['unavailable', 'Target.HealthCheckDisabled', 'unverifiable'],
  ['unhealthy', undefined, 'bad'],
  ['a word of next year', 'Target.NextYear', 'bad'],
])('a task of ours that is %s (%s): %s', (state, reason, kind) => {
  expect(judgeHealth(with2nd(state, reason)).kind).toBe(kind);
});

test.each<[string, string | undefined, string]>([
  [
    'Target.ResponseCodeMismatch',
    'Health checks failed with these codes: [503]',
    'task 2 at 10.20.0.2 is unhealthy (Target.ResponseCodeMismatch: Health checks failed with these codes: [503]); acme-orders asks for /healthz on port 8080 and wants 200-299',
  ],
  [
    'Target.Timeout',
    'Request timed out',
    'task 2 at 10.20.0.2 is unhealthy (Target.Timeout: Request timed out); acme-orders asks on port 8080 and waits 5 s',
  ],
  [
    'Target.FailedHealthChecks',
    undefined,
    'task 2 at 10.20.0.2 is unhealthy (Target.FailedHealthChecks); acme-orders asks on port 8080',
  ],
])('%s is told with what was asked', (reason, description, what) => {
  expect(judgeHealth(with2nd('unhealthy', reason, description))).toMatchObject({ kind: 'bad', what });
});

test('good only when every needed task is healthy, in as many zones as agreed, evenly', () => {
  const on = (more: Partial<HealthSample>) => {
    const judged = judgeHealth(sample(more));
    return judged.kind === 'waiting' ? judged.on : judged.kind;
  };
  const crowded = (...numbers: readonly number[]) => ({
    tasks: numbers.map((n) => task(n)),
    groups: [group(numbers.map((n) => target(n)))],
    needed: numbers.length,
  });
  expect(on({})).toBe('good');
  expect(on({ groups: [group([target(1), target(2, 'initial')])] })).toBe('1 of 2 tasks healthy');
  expect(on({ needed: 3 })).toBe('2 of 3 tasks healthy');
  expect(on(crowded(2, 4))).toBe('healthy in 1 of 2 zones (eu-west-1a)');
  expect(on(crowded(1, 2, 4))).toBe('good');
  expect(on(crowded(1, 2, 4, 6))).toBe('an even spread: eu-west-1a 3, eu-west-1b 1');
});

test('a task outside of the agreed zones never counts', () => {
  const zones = { agreed: 2, names: ['eu-west-1a', 'eu-west-1b'] };
  expect(judgeHealth(sample({ zones })).kind).toBe('good');
  expect(judgeHealth(sample({ zones, tasks: [task(1), task(2, { zone: 'eu-west-1c' })] }))).toMatchObject({
    kind: 'hopeless',
    what: 'task 2 is in eu-west-1c, but the agreed zones are eu-west-1a, eu-west-1b',
  });
});

test('the agreed base must be healthy, also where the service wants less; a later scale-out is not waited for', () => {
  expect(neededTasks(2, 1)).toBe(2);
  expect(neededTasks(2, 4, 4)).toBe(4);
  expect(neededTasks(2, 6, 4)).toBe(4);
  expect(neededTasks(2, 3, 6)).toBe(3);
  expect(neededTasks(0, 0)).toBe(1);
});

test('a healthy target that is not a task of this deployment proves nothing, a draining one does no harm', () => {
  expect(judgeHealth(sample({ groups: [group([target(8), target(9)])] })).kind).toBe('waiting');
  expect(judgeHealth(sample({ groups: [group([target(1), { ...target(2), port: 9090 }])] })).kind).toBe(
    'waiting',
  );
  const old = target(9, 'draining', 'Target.DeregistrationInProgress');
  expect(judgeHealth(sample({ groups: [group([target(1), target(2), old])] })).kind).toBe('good');
});

test('a service that registers in several groups must be healthy in each', () => {
  const second = (state: string) =>
    group([target(1, 'healthy', undefined, { port: 9090 }), target(2, state, undefined, { port: 9090 })], {
      name: 'acme-orders-admin',
      port: 9090,
    });
  const both = (state: string) => sample({ groups: [...sample().groups, second(state)] });
  expect(judgeHealth(both('healthy')).kind).toBe('good');
  expect(judgeHealth(both('initial'))).toEqual({ kind: 'waiting', on: '1 of 2 tasks healthy' });
  expect(judgeHealth(both('unhealthy'))).toMatchObject({
    kind: 'bad',
    what: expect.stringContaining('acme-orders-admin asks for /healthz on port 9090'),
  });
});

test('inside a grace period unhealthy is information, of one task by its own start; hopeless stays hopeless', () => {
  const late = task(2, { startedAt: STARTED + 60_000 });
  const at = (seconds: number, until = 0) => ({
    grace: { now: STARTED + seconds * 1000, until, seconds: 30 },
    tasks: [task(1), late],
  });
  const bad = (more: Partial<HealthSample>) =>
    judgeHealth(with2nd('unhealthy', 'Target.Timeout', undefined, more));
  expect(bad(at(70))).toMatchObject({
    kind: 'waiting',
    on: expect.stringMatching(/^the end of a grace period: task 2/),
  });
  expect(bad(at(90)).kind).toBe('bad');
  expect(bad(at(90, STARTED + 100_000)).kind).toBe('waiting');
  expect(judgeHealth(with2nd('unused', 'Target.NotInUse', undefined, at(70))).kind).toBe('hopeless');
});

test('with no task registered, the tasks are looked at', () => {
  const none = { groups: [group([target(9)])] };
  const dead = (n: number) =>
    task(n, {
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ ...container(CHILD), exitCode: 1 }],
    });
  expect(judgeHealth(sample({ ...none, tasks: [task(1, { lastStatus: 'PENDING' })] }))).toEqual({
    kind: 'waiting',
    on: 'registration: 1 of them PENDING',
  });
  expect(judgeHealth(sample({ ...none, tasks: [], stopped: [dead(1)] }))).toMatchObject({
    kind: 'waiting',
    on: expect.stringContaining('no task is there; stopped: one task: container app exited with code 1'),
  });
  expect(judgeHealth(sample({ ...none, tasks: [], stopped: [1, 2, 3].map(dead) }))).toMatchObject({
    kind: 'hopeless',
    what: expect.stringContaining('no task reached registration: 3 tasks: container app exited with code 1'),
  });
});

test('a task that shares the address of its host is not judged by the targets of others', () => {
  const shared = task(2, { address: undefined });
  expect(judgeHealth(sample({ tasks: [task(1), shared] })).kind).toBe('unverifiable');
  expect(judgeHealth(sample({ tasks: [task(1), { ...shared, lastStatus: 'PROVISIONING' }] })).kind).toBe(
    'waiting',
  );
});

test('refuses a task that runs another image, also when it is healthy; a digest that is not told is waited for', () => {
  const runs = (digest: string | undefined, digests: HealthSample['digests'] = sample().digests) =>
    judgeHealth(sample({ digests, tasks: [task(1), task(2, { containers: [container(digest)] })] })).kind;
  expect(runs(INDEX)).toBe('good');
  expect(runs(OTHER)).toBe('wrong-image');
  expect(runs(undefined)).toBe('waiting');
  expect(runs(OTHER, 'any')).toBe('good');
});

test('a zonal shift, an anomaly and a slow start are said, once each', () => {
  const shifted = { override: 'zonal_shift_active' };
  const seen = sample({
    groups: [
      group([target(1, 'healthy', undefined, { ...shifted, anomaly: 'anomalous' }), target(2)], {
        slowStartSeconds: 60,
      }),
    ],
  });
  expect(judgeHealth(seen).kind).toBe('good');
  expect(targetNotes(taskHealth(seen), seen.groups)).toEqual([
    'A zonal shift moves the requests of acme-orders away from eu-west-1b (zonal_shift_active): tasks there are healthy and get none.',
    'acme-orders sees errors at task 1 that its neighbours do not have (anomalous).',
    'acme-orders starts slowly: a task that has become healthy gets its full share after 60 s.',
  ]);
  expect(targetNotes(taskHealth(sample()), sample().groups)).toEqual([]);
});

test('whatever is seen: good means a healthy task for each that is needed, in all zones, of the right image', () => {
  const state = fc.constantFrom(
    'healthy',
    'healthy',
    'healthy',
    'initial',
    'unhealthy',
    'draining',
    'absent',
  );
  const seen = fc.array(
    fc.record({ state, zone: fc.nat(3), digest: fc.constantFrom(INDEX, CHILD, OTHER, undefined) }),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(seen, fc.nat(6), fc.integer({ min: 1, max: 3 }), (tasks, needed, agreed) => {
      const given = sample({
        tasks: tasks.map(({ zone, digest }, n) =>
          task(n, { zone: `z${zone}`, containers: [container(digest)] }),
        ),
        groups: [group(tasks.flatMap(({ state }, n) => (state === 'absent' ? [] : [target(n, state)])))],
        needed,
        zones: { agreed, maximumSkew: 1 },
      });
      if (judgeHealth(given).kind !== 'good') return;
      const zones = healthyByZone(taskHealth(given));
      const healthy = [...zones.values()].reduce((sum, count) => sum + count, 0);
      expect(healthy).toBeGreaterThanOrEqual(Math.max(1, needed));
      expect(zones.size).toBeGreaterThanOrEqual(zonesRequired(agreed, needed));
      if (agreed > 1)
        expect(Math.max(...zones.values()) - Math.min(...zones.values())).toBeLessThanOrEqual(1);
      expect(tasks.every(({ digest }) => digest === INDEX || digest === CHILD)).toBe(true);
    }),
  );
});
