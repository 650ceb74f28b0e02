import { beforeEach, describe, expect, test } from '@jest/globals';
import { ecsApi } from './ecs-api.ts';
import { manualWorld, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;

beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  api = ecsApi(world);
});

describe('is there a new deployment', () => {
  const subnets = { awsvpcConfiguration: { subnets: ['subnet-b'], securityGroups: ['sg-1'] } };
  test.each([
    ['an image', async () => ({ taskDefinition: await api.register('b') }), true],
    ['a new revision of equal content', async () => ({ taskDefinition: await api.register('a') }), true],
    ['force', async () => ({ forceNewDeployment: true }), true],
    ['other subnets', async () => ({ networkConfiguration: subnets }), true],
    ['the platform version', async () => ({ platformVersion: '1.3.0' }), true],
    ['no load balancer any more', async () => ({ loadBalancers: [] }), true],
    ['the revision that runs already', async () => ({ taskDefinition: 'acme-prod-orders:1' }), false],
    ['the desired count', async () => ({ desiredCount: 3 }), false],
    ['the grace period', async () => ({ healthCheckGracePeriodSeconds: 5 }), false],
    [
      'the deployment configuration',
      async () => ({ deploymentConfiguration: { maximumPercent: 150 } }),
      false,
    ],
    ['execute command', async () => ({ enableExecuteCommand: true }), false],
    [
      'empty lists of what is not there',
      async () => ({ volumeConfigurations: [], serviceRegistries: [] }),
      false,
    ],
    ['nothing at all', async () => ({}), false],
  ])('for %s? (last column)', async (_, input, expected) => {
    const before = await api.service();
    const after = await api.update(await input());
    expect(after.deployments?.[0]?.id !== before.deployments?.[0]?.id).toBe(expected);
    expect(await api.deployments()).toHaveLength(expected ? 2 : 1);
  });
});

test('what is omitted stays as it is', async () => {
  const before = await api.service();
  const after = await api.update({ healthCheckGracePeriodSeconds: 5 });
  expect({ ...after, events: [] }).toEqual({ ...before, events: [], healthCheckGracePeriodSeconds: 5 });
});

test('an empty list clears: without a load balancer the new tasks are registered nowhere', async () => {
  await api.update({ loadBalancers: [] });
  await world.run(300);
  expect((await api.service()).loadBalancers).toEqual([]);
  expect((await api.latest()).status).toBe('SUCCESSFUL');
});

test('a deployment configuration sent in part puts the rest back to the defaults', async () => {
  const { deploymentConfiguration } = await api.update({ deploymentConfiguration: { maximumPercent: 150 } });
  expect(deploymentConfiguration).toMatchObject({
    maximumPercent: 150,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: false, rollback: false },
  });
});

test('more tasks are started at once when the desired count grows, and ended when it shrinks', async () => {
  await api.update({ desiredCount: 4 });
  await world.run(60);
  expect(await api.service()).toMatchObject({ runningCount: 4, desiredCount: 4 });
  await api.update({ desiredCount: 1 });
  await world.run(120);
  expect(await api.service()).toMatchObject({ runningCount: 1, desiredCount: 1 });
});

describe('what local-aws cannot do is refused by name, never passed over', () => {
  test.each([
    ['capacityProviderStrategy', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }],
    ['deploymentController CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
    ['serviceConnectConfiguration', { serviceConnectConfiguration: { enabled: true } }],
    ['volumeConfigurations', { volumeConfigurations: [{ name: 'data' }] }],
  ])('%s', async (name, input) => {
    await expect(api.update(input)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: `local-aws does not support: ${name}.`,
    });
    expect(await api.deployments()).toHaveLength(1);
  });

  test('a task definition with dependencies or files of variables may be registered but not run', async () => {
    const containerDefinitions = [
      {
        name: 'orders',
        image: '127.0.0.1:4566/acme/orders:1',
        portMappings: [{ containerPort: 8080 }],
        environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::acme/orders.env' }],
        dependsOn: [{ containerName: 'agent', condition: 'START' }],
      },
      { name: 'agent', image: '127.0.0.1:4566/acme/agent:1' },
    ];
    const taskDefinition = await api.register('a', { containerDefinitions });
    await expect(api.update({ taskDefinition })).rejects.toMatchObject({
      message: expect.stringMatching(
        /containerDefinitions\[orders\]\.environmentFiles, containerDefinitions\[orders\]\.dependsOn/,
      ),
    });
  });
});

describe('a mistake gets the error that ECS gives', () => {
  test.each([
    [
      'an unknown task definition',
      { taskDefinition: 'acme-prod-orders:9' },
      'ClientException',
      /TaskDefinition not found/,
    ],
    [
      'an unknown subnet',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-x'] } } },
      'InvalidParameterException',
      /subnet-x/,
    ],
    [
      'a port that the container lacks',
      { loadBalancers: [{ targetGroupArn: 'arn:x', containerName: 'orders', containerPort: 1 }] },
      'InvalidParameterException',
      /container port 1/,
    ],
    ['a negative count', { desiredCount: -1 }, 'InvalidParameterException', /desiredCount/],
    ['an unknown cluster', { cluster: 'other' }, 'ClusterNotFoundException', /Cluster not found/],
    ['an unknown service', { service: 'other' }, 'ServiceNotFoundException', /Service not found/],
    [
      'no room to roll',
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      'InvalidParameterException',
      /cannot be 100/,
    ],
  ])('%s', async (_, input, code, message) => {
    await expect(api.update(input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a deregistered task definition is not started anew', async () => {
    const taskDefinition = await api.register('b');
    await api.call('DeregisterTaskDefinition', { taskDefinition });
    await expect(api.update({ taskDefinition })).rejects.toMatchObject({ code: 'ClientException' });
  });
});
