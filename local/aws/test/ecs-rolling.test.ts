import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BREAKER_OFF, breakerThreshold } from '../src/ecs/breaker.ts';
import type { ServiceState } from '../src/ecs/state.ts';
import { type Fate, harness, healthy, live, wanted } from './ecs-harness.ts';

const BREAKER = { ...BREAKER_OFF, enable: true, rollback: true };
const FINE: readonly Fate[] = [{ kind: 'healthy', after: 5_000 }];
const HOURS = 24 * 3_600;

const fateArbitrary: fc.Arbitrary<Fate> = fc.oneof(
  fc.record({ kind: fc.constant('healthy' as const), after: fc.integer({ min: 100, max: 60_000 }) }),
  fc.record({ kind: fc.constant('unhealthy' as const), after: fc.integer({ min: 100, max: 60_000 }) }),
  fc.record({
    kind: fc.constant('exits' as const),
    after: fc.integer({ min: 0, max: 60_000 }),
    code: fc.integer({ min: 1, max: 139 }),
  }),
  fc.constant({ kind: 'never-starts' as const }),
);

const sizes = fc
  .record({
    desiredCount: fc.integer({ min: 1, max: 8 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 250 }),
  })
  .filter(({ desiredCount, minimumHealthyPercent, maximumPercent }) => {
    const room = Math.floor((desiredCount * maximumPercent) / 100) - desiredCount;
    return room > 0 || Math.ceil((desiredCount * minimumHealthyPercent) / 100) < desiredCount;
  });

function running(settings: Parameters<typeof harness>[0], fates: Parameters<typeof harness>[1]) {
  const world = harness(settings, { first: FINE, ...fates });
  world.update({ taskDefinition: 'first' }, true);
  world.run(600);
  return world;
}

const open = (service: ServiceState) => service.history[0];

describe('whatever happens to the tasks of a release', () => {
  test('healthy tasks are never stopped below the minimum, and never more run than the maximum', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fateArbitrary, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (size, fates, breaker) => {
          const world = running({ ...size, breaker: breaker ? BREAKER : BREAKER_OFF }, { second: fates });
          const lower = Math.ceil((size.desiredCount * size.minimumHealthyPercent) / 100);
          const upper = Math.floor((size.desiredCount * size.maximumPercent) / 100);
          world.watch((before, after) => {
            const scaledIn = after.tasks.filter(
              (task) =>
                task.desiredStatus === 'STOPPED' &&
                task.stoppedReason?.startsWith('Scaling') &&
                before.tasks.some((one) => one.id === task.id && one.desiredStatus === 'RUNNING'),
            );
            if (scaledIn.length > 0) {
              expect(healthy(after).length).toBeGreaterThanOrEqual(Math.min(lower, healthy(before).length));
            }
            expect(wanted(after).length).toBeLessThanOrEqual(upper);
          });
          world.update({ taskDefinition: 'second' });
          world.run(3_600);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('with a circuit breaker and rollback it comes to an end, and the service is whole', () => {
    const bad = fateArbitrary.filter((fate) => fate.kind === 'never-starts' || fate.kind === 'unhealthy');
    fc.assert(
      fc.property(sizes, bad, (size, fate) => {
        const world = running({ ...size, breaker: BREAKER }, { second: [fate] });
        world.update({ taskDefinition: 'second' });
        world.run(HOURS);
        expect(open(world.service)?.status).toBe('ROLLBACK_SUCCESSFUL');
        expect(open(world.service)?.breaker).toEqual({
          status: 'TRIGGERED',
          failureCount: breakerThreshold(BREAKER, size.desiredCount),
          threshold: breakerThreshold(BREAKER, size.desiredCount),
        });
        expect(world.service.settings.taskDefinition).toBe('first');
        expect(healthy(world.service)).toHaveLength(size.desiredCount);
      }),
      { numRuns: 40 },
    );
  });

  test('a release whose tasks turn healthy is completed, spread evenly over the zones', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 100, max: 90_000 }), (size, after) => {
        const world = running(size, { second: [{ kind: 'healthy', after }] });
        world.update({ taskDefinition: 'second' });
        world.run(HOURS);
        const tasks = live(world.service);
        expect(open(world.service)?.status).toBe('SUCCESSFUL');
        expect(world.service.deployments.map(({ rollout }) => rollout)).toEqual(['COMPLETED']);
        expect(tasks).toHaveLength(size.desiredCount);
        const inFirst = tasks.filter(({ subnet }) => subnet.zone === 'eu-west-1a').length;
        expect(Math.abs(tasks.length - 2 * inFirst)).toBeLessThanOrEqual(1);
        expect(new Set(tasks.map(({ address }) => address)).size).toBe(tasks.length);
      }),
      { numRuns: 40 },
    );
  });

  test('the given service is never changed in place, nor anything that a later one shares with it', () => {
    const fates = { first: FINE, good: FINE, bad: [{ kind: 'never-starts' as const }] };
    const world = harness({ breaker: BREAKER }, fates);
    world.watch((before) => void frozen(before)); // a change of what is frozen throws
    for (const taskDefinition of ['first', 'good', 'bad', 'good', 'bad']) {
      world.update({ taskDefinition }, true);
      world.run(600);
    }
    expect(world.service.history.map(({ status }) => status)).toEqual([
      'ROLLBACK_SUCCESSFUL',
      'SUCCESSFUL',
      'ROLLBACK_SUCCESSFUL',
      'SUCCESSFUL',
      'SUCCESSFUL',
    ]);
  });
});

describe('a deployment', () => {
  test('names its revision in its id, and starts its tasks by that id', () => {
    const world = running({}, { second: FINE });
    world.update({ taskDefinition: 'second' });
    world.run(3);
    const { service } = world;
    expect(service.deployments[0]?.id).toBe(`ecs-svc/${open(service)?.revision}`);
    expect(
      wanted(service).filter(({ deployment }) => deployment === service.deployments[0]?.id),
    ).toHaveLength(2);
  });

  test('is successful only after the last old task has drained and stopped', () => {
    const world = running({}, { second: FINE });
    world.update({ taskDefinition: 'second' });
    world.run(25);
    expect(healthy(world.service)).toHaveLength(2);
    expect(open(world.service)?.status).toBe('IN_PROGRESS');
    expect(world.service.deployments).toHaveLength(2);
    world.run(30);
    expect(open(world.service)?.status).toBe('SUCCESSFUL');
    expect(world.service.deployments).toHaveLength(1);
  });

  test('that is replaced while it rolls ends as STOPPED, not as failed', () => {
    const world = running({ breaker: BREAKER }, { second: FINE, third: FINE });
    world.update({ taskDefinition: 'second' });
    world.run(4);
    world.update({ taskDefinition: 'third' });
    world.run(HOURS);
    const [third, second] = world.service.history;
    expect(second?.status).toBe('STOPPED');
    expect(second?.statusReason).toMatch(/replaced by a new service deployment/);
    expect(third?.status).toBe('SUCCESSFUL');
  });

  test('without a circuit breaker is never given up, however often its tasks crash', () => {
    const world = running({}, { second: [{ kind: 'exits', after: 0, code: 1 }] });
    world.update({ taskDefinition: 'second' });
    world.run(HOURS);
    expect(open(world.service)?.status).toBe('IN_PROGRESS');
    expect(world.service.deployments[0]?.failedTasks).toBeGreaterThan(10);
    expect(healthy(world.service)).toHaveLength(2);
    expect(world.service.events.some(({ message }) => message.includes('unable to consistently start'))).toBe(
      true,
    );
  });

  test('with a circuit breaker but no rollback fails and leaves the old tasks serving', () => {
    const world = running(
      { breaker: { ...BREAKER, rollback: false } },
      { second: [{ kind: 'never-starts' }] },
    );
    world.update({ taskDefinition: 'second' });
    world.run(HOURS);
    expect(open(world.service)?.status).toBe('STOPPED');
    expect(world.service.deployments.map(({ rollout }) => rollout)).toEqual(['FAILED', 'COMPLETED']);
    expect(healthy(world.service)).toHaveLength(2);
  });

  test('whose tasks run and then exit unchecked escapes the circuit breaker', () => {
    const world = running({ breaker: BREAKER }, { second: [{ kind: 'exits', after: 2_000, code: 1 }] });
    world.update({ taskDefinition: 'second' });
    world.run(3_600);
    expect(open(world.service)?.breaker).toMatchObject({ status: 'MONITORING', failureCount: 0 });
  });

  test('right after a failed one, with no completed one between, has nothing to roll back to', () => {
    const slow = Array.from({ length: 2 }, () => FINE[0] as Fate);
    const world = running(
      { breaker: BREAKER },
      { first: slow, second: [{ kind: 'never-starts' }], third: [{ kind: 'never-starts' }] },
    );
    world.update({ taskDefinition: 'second' });
    world.run(3);
    while (open(world.service)?.status !== 'ROLLBACK_IN_PROGRESS') world.run(0.5);
    world.update({ taskDefinition: 'third' });
    world.run(HOURS);
    expect(open(world.service)?.status).toBe('ROLLBACK_FAILED');
    expect(open(world.service)?.statusReason).toMatch(/No rollback candidate/);
  });

  test('counts failures in a row when a healthy task resets the breaker, and all of them when not', () => {
    const fates: Fate[] = [
      { kind: 'unhealthy', after: 1_000 },
      { kind: 'unhealthy', after: 1_000 },
      { kind: 'healthy', after: 1_000 },
      { kind: 'unhealthy', after: 8_000 },
      { kind: 'healthy', after: 1_000 },
    ];
    const outcome = (resetOnHealthyTask: boolean) => {
      const world = running({ breaker: { ...BREAKER, resetOnHealthyTask } }, { second: fates });
      world.update({ taskDefinition: 'second' });
      world.run(HOURS);
      return open(world.service)?.status;
    };
    expect(outcome(true)).toBe('SUCCESSFUL');
    expect(outcome(false)).toBe('ROLLBACK_SUCCESSFUL');
  });

  test('stopped by hand goes back to the completed revision, under its own id', () => {
    const world = running({}, { second: [{ kind: 'unhealthy', after: 1_000 }] });
    const first = world.service.deployments[0]?.id;
    world.update({ taskDefinition: 'second' });
    world.run(6);
    world.happen({ kind: 'rollback-requested', serviceDeployment: open(world.service)?.arn ?? '' });
    expect(open(world.service)?.status).toBe('ROLLBACK_REQUESTED');
    world.run(HOURS);
    expect(open(world.service)?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(world.service.deployments.map(({ id }) => id)).toEqual([first]);
  });

  test('that min and max leave no room for says so in an event instead of hanging silently', () => {
    const world = running(
      { desiredCount: 1, minimumHealthyPercent: 50, maximumPercent: 150 },
      { second: FINE },
    );
    world.update({ taskDefinition: 'second' });
    world.run(60);
    expect(world.service.events[0]?.message).toMatch(/unable to stop or start tasks during a deployment/);
  });
});

describe('a task', () => {
  test('inside the grace period may be unhealthy without being ended', () => {
    const world = running({ gracePeriodSeconds: 60 }, { second: [{ kind: 'unhealthy', after: 5_000 }] });
    world.update({ taskDefinition: 'second' });
    world.run(50);
    const mine = () =>
      world.service.tasks.filter(({ revision }) => revision === open(world.service)?.revision);
    expect(mine().map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
    world.run(20);
    expect(mine()[0]?.stoppedReason).toMatch(/^Task failed ELB health checks in \(target-group /);
    expect(mine()[0]?.stopCode).toBe('ServiceSchedulerInitiated');
  });

  test('stays visible for an hour after it stopped', () => {
    const world = running({}, { second: FINE });
    world.update({ taskDefinition: 'second' });
    world.run(120);
    expect(world.service.tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED')).toHaveLength(2);
    world.run(3_500);
    expect(world.service.tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED')).toHaveLength(2);
    world.run(200);
    expect(world.service.tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED')).toHaveLength(0);
  });

  test('without a load balancer is healthy 40 s after it runs', () => {
    const world = harness({ loadBalancers: [] }, {});
    world.update({ taskDefinition: 'first' }, true);
    world.run(40);
    expect(healthy(world.service)).toHaveLength(0);
    world.run(10);
    expect(open(world.service)?.status).toBe('SUCCESSFUL');
  });
});

test('at most 100 events are kept, newest first, and a repeated one is suppressed', () => {
  const world = running({}, { second: [{ kind: 'unhealthy', after: 500 }] });
  world.update({ taskDefinition: 'second' });
  world.run(HOURS);
  const { events } = world.service;
  expect(events).toHaveLength(100);
  expect(events.map(({ createdAt }) => createdAt)).toEqual(
    events.map(({ createdAt }) => createdAt).sort((a, b) => b - a),
  );
  const repeated = events.filter(({ message }) => message.includes('unable to consistently'));
  expect(repeated.length).toBeLessThanOrEqual(4);
});

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
