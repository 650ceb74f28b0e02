import type { DeploymentLifecycleHook, ServiceDeployment } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { PAUSE_STAGES } from '../src/ecs/rollout-plan.ts';
import { type Orders, ordersWith, stage, target, until } from './two-sides.ts';

const PAUSE: DeploymentLifecycleHook = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };

const withHooks = (...lifecycleHooks: DeploymentLifecycleHook[]) =>
  ordersWith({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5, lifecycleHooks });

const waiting = ({ lifecycleHookDetails = [] }: ServiceDeployment) =>
  lifecycleHookDetails.filter(({ status }) => status === 'AWAITING_ACTION');

/** Lets time pass until the deployment waits for somebody. */
async function untilPaused({ world, api }: Orders): Promise<ServiceDeployment> {
  for (let second = 0; second < 3_600; second += 1) {
    const now = await api.latest();
    if (waiting(now).length > 0) return now;
    await world.run(1);
  }
  throw new Error('never paused');
}

async function answer({ api }: Orders, input: object = {}): Promise<void> {
  const now = await api.latest();
  const { serviceDeploymentArn } = now;
  const hookId = waiting(now)[0]?.hookId;
  await api.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, ...input });
}

describe('a pause', () => {
  test('holds the deployment at its stage, however long, and says until when', async () => {
    const orders = await withHooks(PAUSE);
    await orders.api.release('b');
    const paused = await untilPaused(orders);
    expect(paused).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [
        {
          hookId: expect.stringMatching(/^ecs-pause-[\w-]{42}$/),
          targetType: 'PAUSE',
          status: 'AWAITING_ACTION',
          expiresAt: new Date(orders.world.clock.now() + 24 * 3_600_000),
          timeoutAction: 'ROLLBACK',
        },
      ],
    });
    await orders.world.run(20 * 3_600);
    expect((await orders.api.latest()).lifecycleStage).toBe('POST_TEST_TRAFFIC_SHIFT');
    expect(await orders.running()).toEqual(['a', 'a', 'b', 'b']);
  });

  test.each([...PAUSE_STAGES.slice(1)])('at %s goes on when it is continued', async (at) => {
    const orders = await withHooks({ ...PAUSE, lifecycleStages: [at] });
    await orders.api.release('b');
    const paused = await untilPaused(orders);
    const shown = at === 'PRE_PRODUCTION_TRAFFIC_SHIFT' ? 'PRODUCTION_TRAFFIC_SHIFT' : at;
    expect(paused.lifecycleStage).toBe(shown);
    expect(target(paused)).toBe(at === 'POST_PRODUCTION_TRAFFIC_SHIFT' ? 100 : 0);
    await answer(orders); // CONTINUE is the default
    const over = await until(orders, 'SUCCESSFUL');
    expect(over.lifecycleHookDetails).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('at RECONCILE_SERVICE comes when more than one revision runs', async () => {
    const orders = await withHooks({ ...PAUSE, lifecycleStages: ['RECONCILE_SERVICE'] });
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    await orders.api.release('c');
    expect((await untilPaused(orders)).lifecycleStage).toBe('RECONCILE_SERVICE');
    await orders.world.run(600);
    expect((await orders.api.latest()).lifecycleStage).toBe('RECONCILE_SERVICE');
    await answer(orders, { action: 'CONTINUE' });
    await until(orders, 'PRE_SCALE_UP');
    expect(await orders.running()).toEqual(['a', 'a']);
    await until(orders, 'SUCCESSFUL');
  });

  test('before each shift of a linear deployment is a new one each time', async () => {
    const orders = await ordersWith({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
      lifecycleHooks: [{ ...PAUSE, lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'] }],
    });
    await orders.api.release('b');
    expect(target(await untilPaused(orders))).toBe(0);
    await answer(orders);
    expect(target(await orders.api.latest())).toBe(50);
    await orders.world.run(71);
    expect(target(await untilPaused(orders))).toBe(50);
    await answer(orders);
    const { lifecycleHookDetails = [] } = await until(orders, 'SUCCESSFUL');
    expect(new Set(lifecycleHookDetails.map(({ hookId }) => hookId)).size).toBe(2);
  });

  test('of two hooks at one stage ends with the second answer', async () => {
    const orders = await withHooks(PAUSE, { ...PAUSE, timeoutConfiguration: { timeoutInMinutes: 60 } });
    await orders.api.release('b');
    expect(waiting(await untilPaused(orders))).toHaveLength(2);
    await answer(orders);
    await orders.world.run(60);
    expect((await orders.api.latest()).lifecycleStage).toBe('POST_TEST_TRAFFIC_SHIFT');
    await answer(orders);
    await until(orders, 'SUCCESSFUL');
  });

  test.each([
    ['rolls back by default', undefined, 'ROLLBACK_SUCCESSFUL', ['a', 'a']],
    ['rolls back', 'ROLLBACK', 'ROLLBACK_SUCCESSFUL', ['a', 'a']],
    ['goes on', 'CONTINUE', 'SUCCESSFUL', ['b', 'b']],
  ] as const)('that nobody answers %s', async (_, action, status, running) => {
    const timeoutConfiguration = { timeoutInMinutes: 10, ...(action === undefined ? {} : { action }) };
    const orders = await withHooks({ ...PAUSE, timeoutConfiguration });
    await orders.api.release('b');
    await untilPaused(orders);
    await orders.world.run(599);
    expect(stage(await orders.api.latest())).toBe('POST_TEST_TRAFFIC_SHIFT');
    await orders.world.run(900);
    const over = await orders.api.latest();
    expect(over.status).toBe(status);
    expect(over.lifecycleHookDetails).toMatchObject([{ status: 'TIMED_OUT' }]);
    expect(await orders.running()).toEqual(running);
  });

  test('is answered with a rollback: the old side serves, and no later pause holds it up', async () => {
    const orders = await withHooks({
      ...PAUSE,
      lifecycleStages: ['POST_SCALE_UP', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    });
    await orders.api.release('b');
    await untilPaused(orders);
    await answer(orders, { action: 'ROLLBACK' });
    expect(await orders.api.latest()).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: 'Rollback was requested with ContinueServiceDeployment.',
    });
    const over = await until(orders, 'ROLLBACK_SUCCESSFUL');
    expect(over.lifecycleHookDetails).toMatchObject([{ status: 'FAILED' }]);
    expect(await orders.running()).toEqual(['a', 'a']);
  });

  test('ends when the deployment is stopped by hand', async () => {
    const orders = await withHooks(PAUSE);
    await orders.api.release('b');
    const { serviceDeploymentArn } = await untilPaused(orders);
    await orders.api.call('StopServiceDeployment', { serviceDeploymentArn });
    const over = await until(orders, 'ROLLBACK_SUCCESSFUL');
    expect(over.lifecycleHookDetails).toMatchObject([{ status: 'FAILED' }]);
  });
});

describe('an answer is refused', () => {
  const deployment = 'arn:aws:ecs:eu-west-1:000011112222:service-deployment/acme-prod/orders/absent';
  test.each([
    [
      'for another hook',
      { hookId: 'ecs-pause-x' },
      'InvalidParameterException',
      /no lifecycle hook ecs-pause-x/,
    ],
    ['with another action', { action: 'WAIT' }, 'InvalidParameterException', /WAIT is not valid/],
    [
      'for another deployment',
      { serviceDeploymentArn: deployment },
      'ServiceDeploymentNotFoundException',
      /not found/,
    ],
  ])('%s', async (_, input, code, message) => {
    const orders = await withHooks(PAUSE);
    await orders.api.release('b');
    await untilPaused(orders);
    await expect(answer(orders, input)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(waiting(await orders.api.latest())).toHaveLength(1);
  });

  test.each([
    ['given already', 1, /is SUCCEEDED and awaits no action/],
    ['when the deployment is over', 900, /is SUCCESSFUL; only one that is IN_PROGRESS/],
  ])('%s', async (_, seconds, message) => {
    const orders = await withHooks(PAUSE);
    await orders.api.release('b');
    const { lifecycleHookDetails } = await untilPaused(orders);
    await answer(orders);
    await orders.world.run(seconds);
    const hookId = lifecycleHookDetails?.[0]?.hookId;
    await expect(answer(orders, { hookId })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });
});

describe('a hook that ECS or local-aws would not take is refused', () => {
  test.each([
    [
      'a Lambda function',
      { targetType: 'AWS_LAMBDA' as const },
      /runs no Lambda functions: lifecycleHooks\[0\]/,
    ],
    ['no target type, which means Lambda', { targetType: undefined }, /runs no Lambda functions/],
    [
      'a pause while test traffic shifts',
      { lifecycleStages: ['TEST_TRAFFIC_SHIFT' as const] },
      /a PAUSE hook cannot be configured at TEST_TRAFFIC_SHIFT/,
    ],
    [
      'a pause while production traffic shifts',
      { lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT' as const] },
      /cannot be configured at PRODUCTION_TRAFFIC_SHIFT/,
    ],
    ['no stage', { lifecycleStages: [] }, /lifecycleStages cannot be empty/],
    ['over 14 days', { timeoutConfiguration: { timeoutInMinutes: 20_161 } }, /between 1 and 20160/],
    ['no time', { timeoutConfiguration: { timeoutInMinutes: 0 } }, /between 1 and 20160/],
  ])('%s', async (_, change, message) => {
    await expect(withHooks({ ...PAUSE, ...change } as DeploymentLifecycleHook)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  test('any with a rolling update', async () => {
    await expect(ordersWith({ lifecycleHooks: [PAUSE] })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be used with the ROLLING deployment strategy/),
    });
  });
});
