import type { CreateClusterCommandOutput, DescribeClustersCommandOutput } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { ecsApi } from './ecs-api.ts';
import { fargate } from './ecs-examples.ts';
import { manualWorld } from './manual-world.ts';

const api = () => ecsApi(manualWorld());

test('a cluster has what CreateCluster gives it, and tells more of it where it is asked for', async () => {
  const { call } = api();
  const made = await call<CreateClusterCommandOutput>('CreateCluster', { clusterName: 'bare' });
  expect(made.cluster).toMatchObject({
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    statistics: [],
  });
  await call('CreateCluster', {
    clusterName: 'spot',
    capacityProviders: ['FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  });
  const described = (include: readonly string[]) =>
    call<DescribeClustersCommandOutput>('DescribeClusters', { clusters: ['spot'], include });
  expect((await described([])).clusters).toMatchObject([
    {
      capacityProviders: ['FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
      settings: [],
      statistics: [],
    },
  ]);
  const [more] = (await described(['SETTINGS', 'STATISTICS'])).clusters ?? [];
  expect(more?.settings).toHaveLength(1);
  expect(more?.statistics).toContainEqual({ name: 'runningFargateTasksCount', value: '0' });
});

test('a task runs on a capacity provider of its cluster alone', async () => {
  const { call } = api();
  await call('CreateCluster', { clusterName: 'bare' });
  const { taskDefinition } = await call<{ taskDefinition: { taskDefinitionArn: string } }>(
    'RegisterTaskDefinition',
    fargate({}),
  );
  const subnets = ['subnet-0acme00app0000001'];
  const run = call('RunTask', {
    cluster: 'bare',
    taskDefinition: taskDefinition.taskDefinitionArn,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    networkConfiguration: { awsvpcConfiguration: { subnets } },
  });
  await expect(run).rejects.toThrow('a capacity provider that is not associated with the cluster');
});

test('a mapping without a port of the host has 0 with a bridge, and the port of the container with awsvpc', async () => {
  const { call } = api();
  const ports = async (input: object) => {
    const { taskDefinition } = await call<{ taskDefinition: { containerDefinitions: object[] } }>(
      'RegisterTaskDefinition',
      input,
    );
    return taskDefinition.containerDefinitions[0];
  };
  const portMappings = [{ containerPort: 80 }];
  const web = { name: 'web', image: 'web', memory: 128, portMappings };
  const family = 'web';
  expect(await ports({ family, containerDefinitions: [web] })).toMatchObject({
    portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
  });
  expect(await ports({ family, networkMode: 'awsvpc', containerDefinitions: [web] })).toMatchObject({
    portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
  });
});

test.each([
  ['DeregisterTaskDefinition', { taskDefinition: 'orders' }, 'Revision is missing.'],
  ['DeregisterTaskDefinition', { taskDefinition: 'orders:one' }, 'Invalid revision number'],
  ['ListTasks', { cluster: 'acme-prod', containerInstance: 'x' }, 'local-aws has no container instances'],
  [
    'CreateService',
    { cluster: 'acme-prod', serviceName: 'web', taskDefinition: 'orders', desiredCount: 1 },
    'local-aws does not implement services without a launch type of ecs:CreateService',
  ],
])('%s %j is refused: %s', async (operation, input, message) => {
  const { call } = api();
  await call('CreateCluster', { clusterName: 'acme-prod' });
  await expect(call(operation, input)).rejects.toThrow(message);
});
