import type {
  DescribeClustersCommandOutput,
  DescribeServicesCommandOutput,
  DescribeTaskDefinitionCommandOutput,
  DescribeTasksCommandOutput,
  ListClustersCommandOutput,
  ListServiceDeploymentsCommandOutput,
  ListTagsForResourceCommandOutput,
  ListTaskDefinitionFamiliesCommandOutput,
  ListTaskDefinitionsCommandOutput,
  ListTasksCommandOutput,
} from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ecs } from '../src/services/ecs.ts';
import { ecsApi, taskDefinitionInput } from './ecs-api.ts';
import { ask, callIn, manualWorld, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;

beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  api = ecsApi(world);
});

describe('what does not exist is named in failures, not answered with an error', () => {
  const arn = (resource: string) => `arn:aws:ecs:eu-west-1:000011112222:${resource}`;
  test.each([
    [
      'DescribeServices',
      { cluster: 'acme-prod', services: ['orders', 'other'] },
      arn('service/acme-prod/other'),
    ],
    ['DescribeClusters', { clusters: ['acme-prod', 'other'] }, arn('cluster/other')],
    ['DescribeTasks', { cluster: 'acme-prod', tasks: ['0123'] }, arn('task/acme-prod/0123')],
    ['DescribeServiceDeployments', { serviceDeploymentArns: [arn('x')] }, arn('x')],
    ['DescribeServiceRevisions', { serviceRevisionArns: [arn('x')] }, arn('x')],
  ])('%s', async (operation, input, missing) => {
    const answer = await api.call<{ failures: unknown }>(operation, input);
    expect(answer.failures).toEqual([{ arn: missing, reason: 'MISSING' }]);
  });
});

test("another account's cluster does not exist for a caller", async () => {
  const input = { cluster: 'acme-prod', services: ['orders'] };
  const call = callIn(world, '000033334444');
  await expect(ask(ecs.operations['DescribeServices'], input, call)).rejects.toMatchObject({
    code: 'ClusterNotFoundException',
  });
});

test('tags come only when they are asked for', async () => {
  const input = { cluster: 'acme-prod', services: ['orders'] };
  const without = await api.call<DescribeServicesCommandOutput>('DescribeServices', input);
  expect(without.services?.[0]).not.toHaveProperty('tags');
  const { clusters } = await api.call<DescribeClustersCommandOutput>('DescribeClusters', {
    clusters: ['acme-prod'],
    include: ['TAGS'],
  });
  expect(clusters?.[0]).toMatchObject({
    tags: [{ key: 'tenant', value: 'acme' }],
    runningTasksCount: 2,
    activeServicesCount: 1,
  });
});

test('clusters are listed page by page, and families by what is active in them', async () => {
  await api.call('CreateCluster', { clusterName: 'acme-batch' });
  const first = await api.call<ListClustersCommandOutput>('ListClusters', { maxResults: 1 });
  const second = await api.call<ListClustersCommandOutput>('ListClusters', { nextToken: first.nextToken });
  expect([...(first.clusterArns ?? []), ...(second.clusterArns ?? [])]).toEqual([
    expect.stringMatching(/:cluster\/acme-batch$/),
    expect.stringMatching(/:cluster\/acme-prod$/),
  ]);
  expect(second.nextToken).toBeUndefined();

  for (const family of ['batch', 'batch-old'])
    await api.call('RegisterTaskDefinition', { ...taskDefinitionInput('1'), family });
  await api.call('DeregisterTaskDefinition', { taskDefinition: 'batch-old:1' });
  const families = async (status?: string) => {
    const input = { familyPrefix: 'batch', status };
    return (await api.call<ListTaskDefinitionFamiliesCommandOutput>('ListTaskDefinitionFamilies', input))
      .families;
  };
  expect(await families('ACTIVE')).toEqual(['batch']);
  expect(await families('INACTIVE')).toEqual(['batch-old']);
  expect(await families()).toEqual(['batch', 'batch-old']);
});

test('a resource takes tags and lists them', async () => {
  const resourceArn = (await api.service()).serviceArn;
  await api.call('TagResource', { resourceArn, tags: [{ key: 'change', value: 'c-1' }] });
  const { tags } = await api.call<ListTagsForResourceCommandOutput>('ListTagsForResource', { resourceArn });
  expect(tags).toContainEqual({ key: 'change', value: 'c-1' });
  await expect(api.call('TagResource', { resourceArn: 'arn:aws:ecs:x', tags: [] })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
});

describe('a task definition', () => {
  const describeIt = async (taskDefinition: string) =>
    await api.call<DescribeTaskDefinitionCommandOutput>('DescribeTaskDefinition', {
      taskDefinition,
      include: ['TAGS'],
    });

  test('comes back with the defaults that ECS fills in, and nothing lost', async () => {
    const arn = await api.register('b', { tags: [{ key: 'tenant', value: 'acme' }] });
    const { taskDefinition, tags } = await describeIt(arn);
    const [given] = taskDefinitionInput('b').containerDefinitions;
    expect(taskDefinition).toMatchObject({
      family: 'acme-prod-orders',
      revision: 2,
      status: 'ACTIVE',
      cpu: '256',
      volumes: [],
      placementConstraints: [],
      compatibilities: ['EC2', 'FARGATE'],
      containerDefinitions: [
        {
          ...given,
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
        },
      ],
    });
    expect(taskDefinition?.requiresAttributes).toContainEqual({ name: 'ecs.capability.task-eni' });
    expect(tags).toEqual([{ key: 'tenant', value: 'acme' }]);
  });

  test('registered twice is two revisions; the family names the latest active one', async () => {
    await api.register('b');
    await api.register('b');
    expect((await describeIt('acme-prod-orders')).taskDefinition?.revision).toBe(3);
    await api.call('DeregisterTaskDefinition', { taskDefinition: 'acme-prod-orders:3' });
    expect((await describeIt('acme-prod-orders')).taskDefinition?.revision).toBe(2);
    expect((await describeIt('acme-prod-orders:3')).taskDefinition?.status).toBe('INACTIVE');
    const listed = await api.call<ListTaskDefinitionsCommandOutput>('ListTaskDefinitions', {
      familyPrefix: 'acme-prod-orders',
      sort: 'DESC',
      maxResults: 1,
    });
    expect(listed).toEqual({ taskDefinitionArns: [expect.stringMatching(/:2$/)], nextToken: '1' });
  });

  test.each([
    ['a memory size that Fargate lacks', { memory: '300' }, /No Fargate configuration exists/],
    ['another network mode than awsvpc on Fargate', { networkMode: 'bridge' }, /awsvpc/],
    ['no container', { containerDefinitions: [] }, /cannot be empty/],
    ['a bad family', { family: 'acme/orders' }, /Family/],
    [
      'two containers of one name',
      {
        containerDefinitions: [
          { name: 'a', image: 'i' },
          { name: 'a', image: 'i' },
        ],
      },
      /must be unique/,
    ],
  ])('with %s is refused', async (_, input, message) => {
    await expect(api.register('b', input)).rejects.toMatchObject({
      code: 'ClientException',
      message: expect.stringMatching(message),
    });
  });

  test('that does not exist is a ClientException', async () => {
    await expect(describeIt('other')).rejects.toMatchObject({ code: 'ClientException' });
  });
});

describe('lists', () => {
  test('tasks are found by service, family and who started them; pages follow each other', async () => {
    const { deployments } = await api.service();
    const list = (input: object) =>
      api.call<ListTasksCommandOutput>('ListTasks', { cluster: 'acme-prod', ...input });
    expect((await list({ startedBy: deployments?.[0]?.id })).taskArns).toHaveLength(2);
    expect((await list({ family: 'acme-prod-orders' })).taskArns).toHaveLength(2);
    expect((await list({ family: 'other' })).taskArns).toEqual([]);
    const first = await list({ maxResults: 1 });
    const second = await list({ maxResults: 1, nextToken: first.nextToken });
    expect(new Set([...(first.taskArns ?? []), ...(second.taskArns ?? [])]).size).toBe(2);
    expect(second.nextToken).toBeUndefined();
    await expect(list({ startedBy: 'x', serviceName: 'orders' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  test('service deployments come newest first, and by status and time', async () => {
    const before = world.clock.date();
    await world.run(1);
    await api.release('b');
    const list = async (input: object) =>
      (
        await api.call<ListServiceDeploymentsCommandOutput>('ListServiceDeployments', {
          cluster: 'acme-prod',
          service: 'orders',
          ...input,
        })
      ).serviceDeployments?.map(({ status }) => status);
    expect(await list({})).toEqual(['PENDING', 'SUCCESSFUL']);
    expect(await list({ createdAt: { after: before } })).toEqual(['PENDING']);
    expect(await list({ status: ['SUCCESSFUL'] })).toEqual(['SUCCESSFUL']);
    const tooOld = { createdAt: { after: new Date(before.getTime() - 100 * 86_400_000) } };
    await expect(list(tooOld)).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});

test('a task in transit shows where it stands', async () => {
  await api.release('b');
  const statuses = async () => {
    const { tasks } = await api.call<DescribeTasksCommandOutput>('DescribeTasks', {
      cluster: 'acme-prod',
      tasks: (await api.tasks()).map(({ taskArn }) => taskArn),
    });
    return [...new Set(tasks?.map(({ lastStatus }) => lastStatus))];
  };
  const seen = [];
  for (let step = 0; step < 10; step += 1) {
    await world.run(0.5);
    seen.push(...(await statuses()));
  }
  expect([...new Set(seen)]).toEqual(['RUNNING', 'PROVISIONING', 'ACTIVATING']);
});
