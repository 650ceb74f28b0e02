import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HealthSample, judgeHealth, type TargetState, type Task, zonesRequired } from '../src/index.ts';

const INDEX = `sha256:${'a'.repeat(64)}` as const;
const CHILD = `sha256:${'b'.repeat(64)}` as const;

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
    containers: [{ name: 'app', exitCode: undefined, reason: undefined, imageDigest: CHILD }],
    ...more,
  };
}

function target(n: number, state = 'healthy', reason?: string): TargetState {
  return { address: `10.20.0.${n}`, port: 8080, state, reason, description: undefined };
}

function sample(more: Partial<HealthSample> = {}): HealthSample {
  return {
    tasks: [task(1), task(2)],
    targets: [target(1), target(2)],
    desired: 2,
    container: 'app',
    port: 8080,
    digests: new Set([INDEX, CHILD]),
    zonesAgreed: 2,
    ...more,
  };
}

test('good only when every wanted task is healthy in as many zones as agreed', () => {
  expect(judgeHealth(sample()).kind).toBe('good');
  expect(
    judgeHealth(sample({ targets: [target(1), target(2, 'initial', 'Elb.InitialHealthChecking')] })),
  ).toEqual({
    kind: 'waiting',
    on: '1 of 2 tasks healthy',
  });
  expect(judgeHealth(sample({ tasks: [task(2), task(4)], targets: [target(2), target(4)] }))).toEqual({
    kind: 'waiting',
    on: 'healthy in 1 of 2 zones (eu-west-1a)',
  });
});

test('a healthy target that is not a task of this deployment proves nothing', () => {
  expect(judgeHealth(sample({ targets: [target(8), target(9)] })).kind).toBe('waiting');
  expect(judgeHealth(sample({ targets: [target(1), { ...target(2), port: 9090 }] })).kind).toBe('waiting');
});

test("another deployment's draining target is none of our business", () => {
  const old = target(9, 'draining', 'Target.DeregistrationInProgress');
  expect(judgeHealth(sample({ targets: [target(1), target(2), old] })).kind).toBe('good');
});

test.each([
  ['unused', 'Target.NotInUse', 'hopeless'],
  ['unused', 'Target.IpUnusable', 'hopeless'],
  ['unused', 'Target.InvalidState', 'hopeless'],
  ['unavailable', 'Target.HealthCheckDisabled', 'hopeless'],
  ['unused', 'Target.NotRegistered', 'waiting'],
  ['initial', 'Elb.RegistrationInProgress', 'waiting'],
  ['unavailable', 'Elb.InternalError', 'waiting'],
  ['unhealthy', 'Target.ResponseCodeMismatch', 'bad'],
  ['unhealthy', 'Target.Timeout', 'bad'],
  ['unhealthy', 'Target.FailedHealthChecks', 'bad'],
  ['unhealthy', undefined, 'bad'],
  ['unhealthy.draining', undefined, 'bad'],
  ['draining', 'Target.DeregistrationInProgress', 'bad'],
  ['a word of next year', undefined, 'bad'],
])('a task of ours that is %s (%s) is %s', (state, reason, kind) => {
  expect(judgeHealth(sample({ targets: [target(1), target(2, state, reason)] })).kind).toBe(kind);
});

test('refuses a task that runs another image, also when it is healthy', () => {
  const other = task(2, {
    containers: [
      { name: 'app', exitCode: undefined, reason: undefined, imageDigest: `sha256:${'c'.repeat(64)}` },
    ],
  });
  expect(judgeHealth(sample({ tasks: [task(1), other] })).kind).toBe('wrong-image');
});

test('a digest that ECS does not tell is waited for, never assumed', () => {
  const untold = task(2, {
    containers: [{ name: 'app', exitCode: undefined, reason: undefined, imageDigest: undefined }],
  });
  expect(judgeHealth(sample({ tasks: [task(1), untold] })).kind).toBe('waiting');
});

test('nothing is ever good without a healthy task', () => {
  expect(judgeHealth(sample({ tasks: [], targets: [], desired: 0 })).kind).toBe('waiting');
});

test('asks for min(zones, desired) zones', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 }), (agreed, desired) => {
      const tasks = Array.from({ length: desired }, (_, i) => task(i, { zone: `z${i % agreed}` }));
      const spread = sample({ tasks, targets: tasks.map((_, i) => target(i)), desired, zonesAgreed: agreed });
      expect(judgeHealth(spread).kind).toBe('good');
      expect(new Set(tasks.map(({ zone }) => zone)).size).toBe(zonesRequired(agreed, desired));
      const crowded = { ...spread, tasks: tasks.map((each) => ({ ...each, zone: 'z0' })) };
      expect(judgeHealth(crowded).kind).toBe(zonesRequired(agreed, desired) > 1 ? 'waiting' : 'good');
    }),
  );
});
