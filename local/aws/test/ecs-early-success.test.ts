import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { setAlarm } from '../src/services/cloudwatch.ts';
import { simulatedOf } from '../src/services/ecs.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, digest, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;

beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  api = ecsApi(world);
});

const early = (healthyPercent: number, sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED') => ({
  enable: true,
  healthyPercent,
  sourceServiceRevisionCleanup,
});

/** Four tasks run; of the release, the third and fourth turn healthy after ten minutes only. */
async function releaseSlowly(earlySuccessCriteria: object) {
  const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 200, earlySuccessCriteria };
  await api.update({ desiredCount: 4, healthCheckGracePeriodSeconds: 900, deploymentConfiguration });
  await world.run(60);
  simulatedOf(world).script(digest('b'), ({ nth }) => (nth > 2 ? { healthyAfterSeconds: 600 } : {}));
  await api.release('b');
}

const running = async () => {
  const tasks = await api.tasks();
  return tasks.map(({ containers }) => containers?.[0]?.imageDigest?.at(-1)).sort();
};

describe('a rolling deployment with early success criteria', () => {
  test('and DEFERRED cleanup is successful with enough healthy tasks, while old ones still leave', async () => {
    await releaseSlowly(early(50, 'DEFERRED'));
    await world.run(20);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
    const { deployments = [] } = await api.service();
    expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 4 }, { status: 'ACTIVE' }]);
    await world.run(60);
    expect((await api.service()).deployments).toHaveLength(1);
    expect(await running()).toEqual(['b', 'b', 'b', 'b']);
  });

  test('and BLOCKING cleanup is successful when the old ones are gone, whole or not', async () => {
    await releaseSlowly(early(50, 'BLOCKING'));
    await world.run(20);
    expect(await api.latest()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'CLEAN_UP' });
    await world.run(40);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
    expect((await api.service()).deployments).toHaveLength(1);
  });

  test('counts per cent of what is desired, rounded up', async () => {
    await releaseSlowly(early(51, 'DEFERRED'));
    await world.run(300);
    expect((await api.latest()).status).toBe('IN_PROGRESS');
    await world.run(400);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
  });

  test('that failed later is not rolled back any more', async () => {
    const breaker = { enable: true, rollback: true };
    const deploymentConfiguration: DeploymentConfiguration = {
      minimumHealthyPercent: 50,
      deploymentCircuitBreaker: breaker,
      earlySuccessCriteria: early(50, 'DEFERRED'),
    };
    await api.update({ deploymentConfiguration });
    simulatedOf(world).script(digest('b'), ({ nth }) =>
      nth > 1 ? { unhealthy: { answer: { kind: 'refused' } } } : {},
    );
    await api.release('b');
    await world.run(900);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
    expect(await running()).toContain('b');
  });

  test('without them waits for the last old task', async () => {
    await api.release('b');
    await world.run(20);
    expect((await api.latest()).status).toBe('IN_PROGRESS');
  });

  test('bakes with its alarms before it is successful', async () => {
    setAlarm(world, ACCOUNT, REGION, 'orders-5xx', 'OK');
    await api.update({
      deploymentConfiguration: {
        earlySuccessCriteria: early(100, 'DEFERRED'),
        alarms: { enable: true, rollback: true, alarmNames: ['orders-5xx'] },
      },
    });
    await api.release('b');
    await world.run(60);
    expect(await api.latest()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'BAKE_TIME' });
    await world.run(180);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
  });

  test.each([
    ['another strategy', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 }, {}, /only valid with the ROLLING/],
    ['no percentage', {}, { healthyPercent: undefined }, /needs healthyPercent and source/],
    ['no cleanup', {}, { sourceServiceRevisionCleanup: undefined }, /needs healthyPercent and source/],
    ['less than the minimum', { minimumHealthyPercent: 60 }, {}, /between minimumHealthyPercent and 100/],
    ['more than all', {}, { healthyPercent: 101 }, /between minimumHealthyPercent and 100/],
  ])('is refused with %s', async (_, configuration, change, message) => {
    const earlySuccessCriteria = { ...early(50, 'BLOCKING'), ...change };
    const deploymentConfiguration = { minimumHealthyPercent: 50, ...configuration, earlySuccessCriteria };
    await expect(api.update({ deploymentConfiguration })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });
});
