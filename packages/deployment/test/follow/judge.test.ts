import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge, type Observation, sayState } from '../../src/follow/judge.ts';
import { deploymentByNumber, deploymentByTaskDefinition } from '../../src/follow/service-deployment.ts';
import { SERVICE_DEPLOYMENT_STATUSES, type ServiceDeployment } from '../../src/observed.ts';
import { stoppedTask } from '../task-definition/a-task-definition.ts';

const OURS = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8';

function looking(deployment: Partial<ServiceDeployment>, more: Partial<Observation> = {}): Observation {
  return {
    deployment: {
      arn: 'arn:aws:ecs:eu-west-1:000011112222:service-deployment/acme-prod/orders/x',
      targetRevision: 'arn:aws:ecs:eu-west-1:000011112222:service-revision/acme-prod/orders/2',
      status: 'IN_PROGRESS',
      reason: undefined,
      strategy: 'ROLLING',
      stage: undefined,
      productionWeight: undefined,
      testWeight: undefined,
      hooks: [],
      sources: [],
      createdAt: 0,
      finishedAt: undefined,
      tasks: { requested: 2, running: 1, pending: 1 },
      breaker: undefined,
      alarms: [],
      rollback: undefined,
      ...deployment,
    },
    primary: OURS,
    taskDefinition: OURS,
    stopped: [],
    healthy: 0,
    events: [],
    tasks: [],
    ...more,
  };
}

test.each([
  ['PENDING', undefined, 'rolling'],
  ['IN_PROGRESS', undefined, 'rolling'],
  ['STOP_REQUESTED', undefined, 'rolling'],
  ['SUCCESSFUL', undefined, 'deployed'],
  ['ROLLBACK_REQUESTED', undefined, 'rolling-back'],
  ['ROLLBACK_IN_PROGRESS', undefined, 'rolling-back'],
  ['ROLLBACK_SUCCESSFUL', undefined, 'rolled-back'],
  ['ROLLBACK_FAILED', undefined, 'rollback-failed'],
  ['STOPPED', 'Service deployment was replaced by a new service deployment.', 'superseded'],
  ['STOPPED', 'Replaced by a new service deployment.', 'superseded'],
  ['STOPPED', 'Stopped by a user', 'stopped'],
  ['STOPPED', undefined, 'stopped'],
  ['A_WORD_OF_NEXT_YEAR', undefined, 'rolling'],
])('%s (%s) is %s', (status, reason, kind) => {
  expect(judge(looking({ status, reason })).kind).toBe(kind);
});

test('only SUCCESSFUL with our task definition in front is ever a success', () => {
  const word = fc.oneof(fc.constantFrom<string>(...SERVICE_DEPLOYMENT_STATUSES), fc.string());
  fc.assert(
    fc.property(
      word,
      fc.constantFrom(OURS, 'arn:other', undefined),
      fc.nat(3),
      (status, primary, healthy) => {
        const verdict = judge(looking({ status }, { primary, healthy }));
        expect(verdict.kind === 'deployed').toBe(status === 'SUCCESSFUL' && primary === OURS);
      },
    ),
  );
});

const hook = {
  id: 'hook-1',
  status: 'AWAITING_ACTION',
  expiresAt: 86_400_000,
  timeoutAction: 'ROLLBACK',
};

test('waits for nobody at a pause, but takes a pause neither for an end nor for well', () => {
  const paused = looking({ strategy: 'BLUE_GREEN', stage: 'POST_TEST_TRAFFIC_SHIFT', hooks: [hook] });
  expect(judge(paused)).toEqual({ kind: 'paused', hook });
  expect(judge({ ...paused, answered: 'hook-1' }).kind).toBe('rolling');
  expect(judge({ ...paused, stopped: [stoppedTask(1), stoppedTask(2)] }).kind).toBe('doomed');
  expect(judge(looking({ hooks: [{ ...hook, status: 'IN_PROGRESS' }] })).kind).toBe('rolling');
  expect(judge(looking({ status: 'ROLLBACK_IN_PROGRESS', hooks: [hook] })).kind).toBe('rolling-back');
});

test('names the alarms that turned a deployment', () => {
  const seen = looking({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: { reason: 'alarms', revision: undefined },
    alarms: ['orders-5xx'],
  });
  expect(judge(seen)).toEqual({ kind: 'rolled-back', reason: 'alarms (in ALARM: orders-5xx)' });
});

test('two crashed tasks doom a deployment long before its breaker speaks', () => {
  const seen = looking({}, { stopped: [stoppedTask(1), stoppedTask(2)] });
  expect(judge(seen)).toMatchObject({ kind: 'doomed', why: expect.stringContaining('exited with code 1') });
  expect(judge({ ...seen, healthy: 1 }).kind).toBe('rolling');
  expect(judge({ ...seen, healthy: undefined }).kind).toBe('rolling');
});

test('a state line tells counts and the breaker, n of threshold', () => {
  const seen = looking(
    { breaker: { status: 'MONITORING', failures: 2, threshold: 3 } },
    { stopped: [stoppedTask(1), stoppedTask(2)] },
  );
  expect(sayState(seen)).toBe(
    'IN_PROGRESS: 1 of 2 new tasks running, 1 pending, 0 healthy at the load balancer, 2 stopped, circuit breaker at 2 of 3 failures',
  );
  const off = { status: 'DISABLED', failures: 4, threshold: 3 };
  const back = looking({ breaker: off, tasks: { requested: 0, running: 0, pending: 0 } });
  expect(sayState(back)).toBe('IN_PROGRESS: no new tasks');
  const shifting = looking({
    strategy: 'CANARY',
    stage: 'PRODUCTION_TRAFFIC_SHIFT',
    productionWeight: 5,
    tasks: { requested: 2, running: 2, pending: 0 },
    sources: [{ revision: 'old', tasks: { requested: 2, running: 2, pending: 0 } }],
    hooks: [hook],
  });
  expect(sayState({ ...shifting, healthy: 2 })).toBe(
    'IN_PROGRESS (PRODUCTION_TRAFFIC_SHIFT): 2 of 2 new tasks running, 2 healthy at the load balancer, 2 old running, 5 % of the traffic, waits at hook hook-1',
  );
});

const listed = [1, 2, 3].map((n) => ({
  arn: `deployment-${n}`,
  targetRevision: `arn:aws:ecs:eu-west-1:000011112222:service-revision/acme-prod/orders/${n}`,
  createdAt: n,
  status: 'IN_PROGRESS',
}));

test('finds the service deployment of this update by its number, and by task definition where numbers fail', () => {
  expect(deploymentByNumber('ecs-svc/2', listed)?.arn).toBe('deployment-2');
  expect(deploymentByNumber('ecs-svc/9', listed)).toBeUndefined();
  expect(deploymentByNumber('something/2', listed)).toBeUndefined();
  const runs = new Map(listed.map(({ targetRevision }, i) => [targetRevision, i < 2 ? OURS : 'arn:other']));
  expect(deploymentByTaskDefinition(OURS, listed, runs)?.arn).toBe('deployment-2');
  expect(deploymentByTaskDefinition('arn:none', listed, runs)).toBeUndefined();
});
