import type { DeploymentConfiguration, ServiceDeployment } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BREAKER_OFF } from '../src/ecs/breaker.ts';
import { readPlan } from '../src/ecs/read-plan.ts';
import type { RolloutPlan } from '../src/ecs/rollout-plan.ts';
import { simulatedOf } from '../src/services/ecs.ts';
import { ecsApi } from './ecs-api.ts';
import { type Fate, harness, live } from './ecs-harness.ts';
import { digest, image, manualWorld, withOrders } from './manual-world.ts';
import { type Orders, ordersWith, source, stage, target, until } from './two-sides.ts';

const BLUE_GREEN: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 };

const weight = (one: ServiceDeployment) => `${stage(one)} ${source(one)}/${target(one)}`;

test('the API shows every stage of a blue/green deployment in order, with the weights of both sides', async () => {
  const orders = await ordersWith(BLUE_GREEN);
  await orders.api.release('b');
  expect(await orders.follow(600, weight)).toEqual([
    'PRE_SCALE_UP 100/0',
    'SCALE_UP 100/0',
    'POST_SCALE_UP 100/0',
    'TEST_TRAFFIC_SHIFT 100/0',
    'POST_TEST_TRAFFIC_SHIFT 100/0',
    'PRODUCTION_TRAFFIC_SHIFT 0/100',
    'POST_PRODUCTION_TRAFFIC_SHIFT 0/100',
    'BAKE_TIME 0/100',
    'CLEAN_UP 0/100',
    'SUCCESSFUL 0/100',
  ]);
});

describe('the steps of the production traffic', () => {
  const steps = (given: DeploymentConfiguration) => readPlan({ bakeTimeInMinutes: 0, ...given }).steps;
  const linear = (stepPercent?: number, stepBakeTimeInMinutes?: number) =>
    steps({ strategy: 'LINEAR', linearConfiguration: { stepPercent, stepBakeTimeInMinutes } });
  const canary = (canaryPercent?: number, canaryBakeTimeInMinutes?: number) =>
    steps({ strategy: 'CANARY', canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes } });
  const shown = (steps: ReturnType<typeof linear>) => steps.map((one) => `${one.percent}:${one.restMinutes}`);
  test.each([
    ['blue/green: all at once', steps({ strategy: 'BLUE_GREEN' }), ['100:0']],
    ['linear: no rest after the last', linear(25, 6), ['25:6', '50:6', '75:6', '100:0']],
    ['linear: the last one takes what is left', linear(33.4, 1), ['33.4:1', '66.8:1', '100:0']],
    ['linear in one step', linear(100, 6), ['100:0']],
    ['canary: a part, then all', canary(0.1, 10), ['0.1:10', '100:0']],
    ['canary that is all', canary(100, 10), ['100:0']],
    [
      'linear, as ECS has it',
      linear(),
      ['10:6', '20:6', '30:6', '40:6', '50:6', '60:6', '70:6', '80:6', '90:6', '100:0'],
    ],
    ['canary, as ECS has it', canary(), ['5:10', '100:0']],
  ])('%s', (_, steps, expected) => {
    expect(shown(steps)).toEqual(expected);
  });
});

describe('the balancer follows', () => {
  test('a linear deployment, step by step, each after its rest', async () => {
    const orders = await ordersWith({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 2 },
      bakeTimeInMinutes: 1,
    });
    await orders.api.release('b');
    await until(orders, 'PRODUCTION_TRAFFIC_SHIFT');
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 50, 'acme-prod-orders-alternate': 50 });
    await orders.world.run(120);
    expect(target(await orders.api.latest())).toBe(50);
    await orders.world.run(10);
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 0, 'acme-prod-orders-alternate': 100 });
  });

  test('a canary to a tenth of a per cent', async () => {
    const orders = await ordersWith({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 2.5, canaryBakeTimeInMinutes: 3 },
    });
    await orders.api.release('b');
    const canary = await until(orders, 'PRODUCTION_TRAFFIC_SHIFT');
    expect([source(canary), target(canary)]).toEqual([97.5, 2.5]);
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 975, 'acme-prod-orders-alternate': 25 });
    await orders.world.run(600);
    expect((await orders.api.latest()).status).toBe('SUCCESSFUL');
  });

  test('test traffic, to the new side before any production traffic', async () => {
    const orders = await ordersWith(BLUE_GREEN, 'test.orders.internal');
    await orders.api.release('b');
    await until(orders, 'POST_SCALE_UP');
    expect(await orders.testWeights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
    const shifted = await until(orders, 'TEST_TRAFFIC_SHIFT');
    expect(shifted.targetServiceRevision?.requestedTestTrafficWeight).toBe(100);
    expect(await orders.testWeights()).toEqual({ 'acme-prod-orders': 0, 'acme-prod-orders-alternate': 100 });
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
  });
});

describe('the two sides', () => {
  test('both run whole until the bake time is over, then the old one goes', async () => {
    const orders = await ordersWith(BLUE_GREEN);
    await orders.api.release('b');
    const baking = await until(orders, 'BAKE_TIME');
    const counts = { requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 };
    expect(baking.sourceServiceRevisions).toMatchObject([counts]);
    expect(baking.targetServiceRevision).toMatchObject(counts);
    await orders.world.run(298);
    expect(await orders.running()).toEqual(['a', 'a', 'b', 'b']);
    expect((await orders.api.service()).deployments).toMatchObject([
      { status: 'PRIMARY', desiredCount: 2 },
      { status: 'ACTIVE', desiredCount: 2 },
    ]);
    await orders.world.run(120);
    expect(await orders.running()).toEqual(['b', 'b']);
    expect((await orders.api.service()).deployments).toHaveLength(1);
  });

  test('take the target groups in turn, and the revision says which one it is', async () => {
    const orders = await ordersWith(BLUE_GREEN);
    const groups: (string | undefined)[] = [];
    for (const release of ['b', 'c', 'd']) {
      await orders.api.release(release);
      await orders.world.run(900);
      const { status, targetServiceRevision } = await orders.api.latest();
      expect(status).toBe('SUCCESSFUL');
      groups.push(await orders.group(targetServiceRevision?.arn));
    }
    expect(groups).toEqual(['acme-prod-orders-alternate', 'acme-prod-orders', 'acme-prod-orders-alternate']);
  });

  test('an old task that dies before the end is replaced: it still serves', async () => {
    const orders = await ordersWith(BLUE_GREEN);
    const exit = { code: 1, afterSeconds: 600 }; // in the bake time of the release after its own
    simulatedOf(orders.world).script(digest('c'), ({ nth }) => (nth === 1 ? { exit } : {}));
    await orders.api.update({ desiredCount: 1, deploymentConfiguration: BLUE_GREEN });
    await orders.api.release('c');
    await until(orders, 'SUCCESSFUL');
    await orders.api.release('d');
    await until(orders, 'BAKE_TIME');
    const mortal = (await orders.api.tasks()).map(({ taskArn }) => taskArn);
    await orders.world.run(280);
    expect((await orders.api.latest()).lifecycleStage).toBe('BAKE_TIME');
    expect((await orders.api.tasks('STOPPED')).map(({ taskArn }) => taskArn)).toContain(mortal[0]);
    expect(await orders.running()).toEqual(['c', 'd']);
    const tasks = await orders.api.tasks();
    expect(tasks.map(({ containers }) => containers?.[0]?.image).sort()).toEqual([image('c'), image('d')]);
  });

  test('a rollout state is told for a rolling update alone', async () => {
    const orders = await ordersWith(BLUE_GREEN);
    expect((await orders.api.service()).deployments?.[0]).not.toHaveProperty('rolloutState');
    const { deployments } = await orders.api.update({ deploymentConfiguration: {} });
    expect(deployments?.[0]?.rolloutState).toBe('COMPLETED');
  });
});

describe('a rollback', () => {
  const CANARY_30: DeploymentConfiguration = {
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 30, canaryBakeTimeInMinutes: 30 },
    bakeTimeInMinutes: 5,
  };
  const stop = async (orders: Orders, stopType: 'ROLLBACK' | 'ABORT') => {
    const { serviceDeploymentArn } = await orders.api.latest();
    await orders.api.call('StopServiceDeployment', { serviceDeploymentArn, stopType });
  };

  test.each([
    ['before anything runs', 'PRE_SCALE_UP'],
    ['while the new side starts', 'SCALE_UP'],
    ['with a part of the traffic', 'PRODUCTION_TRAFFIC_SHIFT'],
    ['with all of the traffic', 'BAKE_TIME'],
    ['when the old side is already going', 'CLEAN_UP'],
  ])('%s gives the traffic back to the old side, which ends whole and alone', async (_, at) => {
    const orders = await ordersWith(CANARY_30, 'test.orders.internal');
    const before = (await orders.api.service()).deployments?.[0]?.id;
    await orders.api.release('b');
    await until(orders, at);
    await stop(orders, 'ROLLBACK');
    expect((await orders.api.latest()).status).toBe('ROLLBACK_REQUESTED');
    await orders.world.run(120);
    const over = await orders.api.latest();
    expect(over).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(target(over)).toBe(0);
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
    expect(await orders.testWeights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
    expect(await orders.running()).toEqual(['a', 'a']);
    expect((await orders.api.service()).deployments).toMatchObject([{ id: before, status: 'PRIMARY' }]);
  });

  test('shifts the traffic first and ends the failed tasks afterwards', async () => {
    const orders = await ordersWith(CANARY_30);
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    await stop(orders, 'ROLLBACK');
    const seen = await orders.follow(
      90,
      (one) => `${stage(one)} ${one.targetServiceRevision?.runningTaskCount}`,
    );
    expect(seen).toEqual(['PRODUCTION_TRAFFIC_SHIFT 2', 'CLEAN_UP 0', 'ROLLBACK_SUCCESSFUL 0']);
  });

  test('by the circuit breaker comes as in a rolling update: the new side never served', async () => {
    const orders = await ordersWith({
      ...BLUE_GREEN,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
    simulatedOf(orders.world).script(digest('b'), { exit: { code: 1, afterSeconds: 0.5 } });
    await orders.api.release('b');
    await until(orders, 'ROLLBACK_SUCCESSFUL');
    expect(await orders.api.latest()).toMatchObject({
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    });
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
  });

  test('that is not asked for: ABORT leaves tasks and traffic as they are, on both sides', async () => {
    const orders = await ordersWith(CANARY_30);
    await orders.api.release('b');
    await until(orders, 'PRODUCTION_TRAFFIC_SHIFT');
    await stop(orders, 'ABORT');
    expect((await orders.api.latest()).status).toBe('STOP_REQUESTED');
    await stop(orders, 'ROLLBACK'); // "continues to stop"
    await orders.world.run(3_600);
    expect((await orders.api.latest()).status).toBe('STOPPED');
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 70, 'acme-prod-orders-alternate': 30 });
    expect(await orders.running()).toEqual(['a', 'a', 'b', 'b']);
  });

  test('after an aborted one, the next deployment first puts the service in order', async () => {
    const orders = await ordersWith(CANARY_30);
    await orders.api.release('b');
    await until(orders, 'PRODUCTION_TRAFFIC_SHIFT');
    await stop(orders, 'ABORT');
    await orders.world.run(5);
    await orders.api.release('c');
    await until(orders, 'RECONCILE_SERVICE');
    expect(await orders.weights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
    await until(orders, 'PRE_SCALE_UP');
    expect(await orders.running()).toEqual(['a', 'a']);
    await until(orders, 'SUCCESSFUL');
    expect(await orders.running()).toEqual(['c', 'c']);
  });

  test('a deployment that replaces another one says so, and starts from what was good', async () => {
    const orders = await ordersWith(CANARY_30);
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    await orders.api.release('c');
    await until(orders, 'SUCCESSFUL');
    const [, second] = await orders.api.deployments();
    expect(second).toMatchObject({ status: 'STOPPED', statusReason: expect.stringMatching(/replaced/) });
    expect(await orders.running()).toEqual(['c', 'c']);
  });
});

describe('a restart of local-aws, which no timer survives,', () => {
  const rollout = {
    ...readPlan({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 }),
    hooks: [{ stages: ['POST_TEST_TRAFFIC_SHIFT'], timeoutMinutes: 10, timeoutAction: 'CONTINUE' }],
  } as const;
  test.each(['PRE_SCALE_UP', 'SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'BAKE_TIME', 'CLEAN_UP'])(
    'at %s holds the deployment up, no more',
    (at) => {
      const world = harness({ rollout, loadBalancers: [] }, {});
      world.update({ taskDefinition: 'first' });
      world.run(3_600);
      world.update({ taskDefinition: 'second' });
      for (let second = 0; world.service.history[0]?.progress.stage !== at; second += 1) {
        if (second > 3_600) throw new Error(`never at ${at}`);
        world.run(1);
      }
      world.restart();
      world.run(1_200);
      expect(world.service.history[0]?.status).toBe('SUCCESSFUL');
      expect(live(world.service).map(({ revision }) => revision)).toEqual([
        world.service.deployments[0]?.revision,
        world.service.deployments[0]?.revision,
      ]);
    },
  );
});

describe('whatever happens to a deployment that shifts traffic', () => {
  const rollouts: fc.Arbitrary<RolloutPlan> = fc
    .record({
      strategy: fc.constantFrom('BLUE_GREEN', 'LINEAR', 'CANARY'),
      bakeTimeInMinutes: fc.integer({ min: 0, max: 30 }),
      stepPercent: fc.integer({ min: 3, max: 100 }),
      canaryPercent: fc.integer({ min: 1, max: 100 }),
    })
    .map(
      ({ stepPercent, canaryPercent, ...given }) =>
        readPlan({
          ...given,
          ...(given.strategy === 'LINEAR' && {
            linearConfiguration: { stepPercent, stepBakeTimeInMinutes: 1 },
          }),
          ...(given.strategy === 'CANARY' && {
            canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: 5 },
          }),
        } as DeploymentConfiguration), // each strategy with its own member
    );
  const happenings = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 1_200 }),
      what: fc.constantFrom('release', 'rollback', 'abort', 'restart'),
    }),
    { maxLength: 3 },
  );
  const fates: fc.Arbitrary<Fate> = fc.oneof(
    fc.constant({ kind: 'healthy', after: 5_000 } as const),
    fc.constant({ kind: 'never-starts' } as const),
    fc.constant({ kind: 'unhealthy', after: 5_000 } as const),
  );

  test('all traffic goes somewhere, shifts only to tasks that are healthy, and the end is one of the known ones', () => {
    fc.assert(
      fc.property(rollouts, happenings, fates, (rollout, events, fate) => {
        const breaker = { ...BREAKER_OFF, enable: true, rollback: true };
        const world = harness({ rollout, breaker }, { second: [fate] });
        world.update({ taskDefinition: 'first' });
        world.run(7_200);
        world.watch(({ traffic: was }, { traffic: is, tasks, settings }) => {
          const shares = Object.entries(is.production);
          expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBe(100);
          for (const [revision, share] of shares) {
            if (share <= (was.production[revision] ?? 0)) continue;
            const fit = tasks.filter((task) => task.revision === revision && task.healthy);
            expect(fit.length).toBeGreaterThanOrEqual(settings.desiredCount);
          }
        });
        world.update({ taskDefinition: 'second' });
        for (const { after, what } of events) {
          world.run(after);
          const serviceDeployment = world.service.history[0]?.arn ?? '';
          if (what === 'release') world.update({ taskDefinition: 'second' });
          else if (what === 'restart') world.restart();
          else world.happen({ kind: `${what}-requested`, serviceDeployment });
        }
        world.run(24 * 3_600);
        const { history, tasks, traffic, settings } = world.service;
        const ends = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
        expect(ends).toContain(history[0]?.status);
        if (history[0]?.status === 'SUCCESSFUL') expect(fate.kind).toBe('healthy');
        for (const [revision, share] of Object.entries(traffic.production)) {
          if (share === 0) continue;
          const fit = tasks.filter((task) => task.revision === revision && task.healthy);
          expect(fit).toHaveLength(settings.desiredCount);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('from rolling to blue/green and back: each release serves in the end', async () => {
  const orders = await ordersWith({});
  await orders.api.update({ deploymentConfiguration: BLUE_GREEN });
  for (const [of, deploymentConfiguration] of [
    ['b', BLUE_GREEN],
    ['c', {}],
    ['d', BLUE_GREEN],
  ] as const) {
    await orders.api.update({ taskDefinition: await orders.api.register(of), deploymentConfiguration });
    await orders.world.run(900);
    expect((await orders.api.latest()).status).toBe('SUCCESSFUL');
    expect(await orders.running()).toEqual([of, of]);
    const group = await orders.group((await orders.api.latest()).targetServiceRevision?.arn);
    expect((await orders.weights())[group ?? '']).toBe(100);
  }
});

describe('a configuration that ECS would not take is refused', () => {
  const step = (stepPercent: number) => ({ strategy: 'LINEAR', linearConfiguration: { stepPercent } });
  const canary = (canaryPercent: number) => ({ strategy: 'CANARY', canaryConfiguration: { canaryPercent } });
  test.each([
    ['an unknown strategy', { strategy: 'PURPLE' }, /PURPLE/],
    ['blue/green without a bake time', { strategy: 'BLUE_GREEN' }, /bakeTimeInMinutes is required/],
    ['a bake time over a day', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1_441 }, /0 and 1440/],
    ['a linear step under 3', step(2.9), /stepPercent must be a multiple of 0.1 from 3 to 100/],
    ['a canary of a hundredth', canary(0.05), /canaryPercent must be a multiple of 0.1/],
    ['a canary finer than a tenth', canary(1.25), /canaryPercent must be a multiple of 0.1/],
    [
      'linear steps of a canary',
      { strategy: 'CANARY', linearConfiguration: {} },
      /only valid with the LINEAR/,
    ],
    ['canary steps of linear', { strategy: 'LINEAR', canaryConfiguration: {} }, /only valid with the CANARY/],
  ])('%s', async (_, deploymentConfiguration, message) => {
    const { api } = await ordersWith(BLUE_GREEN);
    await expect(api.update({ deploymentConfiguration })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  test('a strategy that shifts traffic, without a pair of target groups', async () => {
    const world = manualWorld();
    await withOrders(world);
    await expect(ecsApi(world).update({ deploymentConfiguration: BLUE_GREEN })).rejects.toMatchObject({
      message: expect.stringMatching(/needs an advancedConfiguration/),
    });
  });
});
