import { beforeEach, expect, test } from '@jest/globals';
import { ecsApi } from './ecs-api.ts';
import { manualWorld, withOrders } from './manual-world.ts';

/* DeleteService (Amazon ECS API Reference): a service drains, is inactive then, and both can still be described. */

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
const ORDERS = { cluster: 'acme-prod', service: 'orders' };

beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  api = ecsApi(world);
  await api.call('DeleteService', { ...ORDERS, force: true });
});

const list = () => api.call<{ serviceArns: string[] }>('ListServices', { cluster: 'acme-prod' });
const update = () => api.call('UpdateService', { ...ORDERS, desiredCount: 1 });

test('drains while tasks run, and is not listed any more', async () => {
  expect(await api.service()).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
  expect((await list()).serviceArns).toEqual([]);
  await expect(update()).rejects.toMatchObject({ code: 'ServiceNotActiveException' });
});

test('is inactive when no task runs, and is not updated or deleted again', async () => {
  await world.run(300);
  expect(await api.service()).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
  await expect(update()).rejects.toMatchObject({ code: 'ServiceNotActiveException' });
  await expect(api.call('DeleteService', ORDERS)).rejects.toMatchObject({ code: 'ServiceNotFoundException' });
});

test('keeps its name while it drains, and leaves it to another when it is inactive', async () => {
  const { taskDefinition, networkConfiguration } = await api.service();
  const again = () =>
    api.call<{ service: object }>('CreateService', {
      cluster: 'acme-prod',
      serviceName: 'orders',
      launchType: 'FARGATE',
      desiredCount: 0,
      taskDefinition,
      networkConfiguration,
    });
  await expect(again()).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await world.run(300);
  expect((await again()).service).toMatchObject({ status: 'ACTIVE' });
  expect(await api.service()).toMatchObject({ status: 'ACTIVE' });
});
