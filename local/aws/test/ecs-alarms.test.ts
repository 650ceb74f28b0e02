import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { setAlarm } from '../src/services/cloudwatch.ts';
import { simulatedOf } from '../src/services/ecs.ts';
import { ACCOUNT, digest, REGION } from './manual-world.ts';
import { type Orders, ordersWith, until } from './two-sides.ts';

const NAMES = ['orders-5xx', 'orders-latency'];

/** The service with two alarms that are OK, rolling unless told otherwise. */
async function watched(more: DeploymentConfiguration & { readonly rollback?: boolean } = {}) {
  const { rollback = true, ...configuration } = more;
  const orders = await ordersWith({
    ...configuration,
    alarms: { enable: true, rollback, alarmNames: NAMES },
  });
  for (const name of NAMES) setAlarm(orders.world, ACCOUNT, REGION, name, 'OK');
  return orders;
}

const alarm = ({ world }: Orders, state: 'OK' | 'ALARM', name = 'orders-5xx') =>
  setAlarm(world, ACCOUNT, REGION, name, state);

describe('a rolling deployment with alarms', () => {
  test('goes on for a bake time after the old tasks are gone, and is then successful', async () => {
    const orders = await watched();
    await orders.api.release('b');
    const baking = await until(orders, 'BAKE_TIME');
    expect(baking).toMatchObject({
      status: 'IN_PROGRESS',
      alarms: { status: 'MONITORING', alarmNames: NAMES, triggeredAlarmNames: [] },
    });
    expect((await orders.api.service()).deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }]);
    expect(await orders.running()).toEqual(['b', 'b']);
    await orders.world.run(179);
    expect((await orders.api.latest()).status).toBe('IN_PROGRESS');
    await orders.world.run(1);
    expect(await orders.api.latest()).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'MONITORING_COMPLETE' },
    });
  });

  test('is rolled back when one goes off in the bake time, and names it', async () => {
    const orders = await watched();
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    alarm(orders, 'ALARM', 'orders-latency');
    expect(await orders.api.latest()).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: 'ECS deployment alarms: orders-latency in ALARM.',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['orders-latency'] },
    });
    await orders.world.run(120);
    expect(await orders.api.latest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED' },
    });
    expect(await orders.running()).toEqual(['a', 'a']);
  });

  test('fails and stays where it is when no rollback is configured', async () => {
    const orders = await watched({ rollback: false });
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    alarm(orders, 'ALARM');
    await orders.world.run(300);
    expect(await orders.api.latest()).toMatchObject({ status: 'STOPPED', alarms: { status: 'TRIGGERED' } });
    expect((await orders.api.service()).deployments?.[0]?.rolloutState).toBe('FAILED');
    expect(await orders.running()).toEqual(['b', 'b']);
  });

  test('is failed by one that went off while its tasks started, as soon as they are healthy', async () => {
    const orders = await watched();
    simulatedOf(orders.world).script(digest('b'), { healthyAfterSeconds: 120 });
    await orders.api.update({ healthCheckGracePeriodSeconds: 300 });
    await orders.api.release('b');
    await orders.world.run(60);
    alarm(orders, 'ALARM');
    expect((await orders.api.latest()).status).toBe('IN_PROGRESS');
    await orders.world.run(90);
    expect((await orders.api.latest()).status).toBe('ROLLBACK_IN_PROGRESS');
  });

  test('ignores one that was in ALARM when it began, even if that recovers and goes off again', async () => {
    const orders = await watched();
    alarm(orders, 'ALARM');
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    alarm(orders, 'OK');
    alarm(orders, 'ALARM');
    const over = await until(orders, 'SUCCESSFUL');
    expect(over.alarms?.triggeredAlarmNames).toEqual([]);
  });

  test('is not failed by an alarm that is not its own, nor after it is over', async () => {
    const orders = await watched();
    await orders.api.release('b');
    await until(orders, 'BAKE_TIME');
    alarm(orders, 'ALARM', 'billing-5xx');
    await until(orders, 'SUCCESSFUL');
    alarm(orders, 'ALARM');
    await orders.world.run(300);
    expect((await orders.api.latest()).status).toBe('SUCCESSFUL');
  });

  test('without them has no bake time', async () => {
    const orders = await ordersWith({ alarms: { enable: false, rollback: false, alarmNames: NAMES } });
    await orders.api.release('b');
    await orders.world.run(60);
    expect(await orders.api.latest()).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'DISABLED', alarmNames: NAMES },
    });
  });

  test('must name one', async () => {
    const alarms = { enable: true, rollback: true, alarmNames: [] };
    await expect(ordersWith({ alarms })).rejects.toMatchObject({
      message: expect.stringMatching(/alarmNames cannot be empty/),
    });
  });
});

describe('a deployment that shifts traffic', () => {
  test.each(['POST_SCALE_UP', 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME'])(
    'is rolled back by an alarm at %s, traffic first',
    async (at) => {
      const orders = await watched({
        strategy: 'CANARY',
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 10 },
        bakeTimeInMinutes: 10,
      });
      await orders.api.release('b');
      await until(orders, at);
      alarm(orders, 'ALARM');
      expect((await orders.api.latest()).status).toBe('ROLLBACK_IN_PROGRESS');
      expect(await orders.weights()).toEqual({ 'acme-prod-orders': 100, 'acme-prod-orders-alternate': 0 });
      await until(orders, 'ROLLBACK_SUCCESSFUL');
      expect(await orders.running()).toEqual(['a', 'a']);
    },
  );
});

test('the circuit breaker follows the desired count while the deployment is under way', async () => {
  const orders = await ordersWith({
    deploymentCircuitBreaker: {
      enable: true,
      rollback: true,
      thresholdConfiguration: { type: 'UNBOUNDED_PERCENT', value: 50 },
    },
  });
  simulatedOf(orders.world).script(digest('b'), { healthyAfterSeconds: 3_600 });
  const threshold = async () => (await orders.api.latest()).deploymentCircuitBreaker?.threshold;
  await orders.api.release('b');
  expect(await threshold()).toBe(1);
  await orders.api.update({ desiredCount: 10 });
  expect(await threshold()).toBe(5);
});
