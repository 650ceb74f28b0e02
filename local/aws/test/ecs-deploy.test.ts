import type { DescribeServiceRevisionsCommandOutput } from '@aws-sdk/client-ecs';
import type { DescribeTargetHealthCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ecs, simulatedOf } from '../src/services/ecs.ts';
import { elasticloadbalancing } from '../src/services/elasticloadbalancing.ts';
import { ecsApi, taskDefinitionInput } from './ecs-api.ts';
import { ask, digest, image, manualWorld, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
let orders: Awaited<ReturnType<typeof withOrders>>;

beforeEach(async () => {
  world = manualWorld();
  orders = await withOrders(world);
  api = ecsApi(world);
});

const targets = async () => {
  const input = { TargetGroupArn: orders.targetGroupArn };
  const { TargetHealthDescriptions = [] } = await ask<DescribeTargetHealthCommandOutput>(
    elasticloadbalancing.operations['DescribeTargetHealth'],
    input,
    world.call,
  );
  return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
    address: Target?.Id,
    zone: Target?.AvailabilityZone,
    state: TargetHealth?.State,
    reason: TargetHealth?.Reason,
  }));
};

describe('a seeded service', () => {
  test('runs in both zones, healthy at its load balancer, from a deployment that completed', async () => {
    const service = await api.service();
    expect(service).toMatchObject({ status: 'ACTIVE', runningCount: 2, pendingCount: 0, desiredCount: 2 });
    expect(service.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    expect(service.tags).toEqual([
      { key: 'tenant', value: 'acme' },
      { key: 'environment', value: 'prod' },
    ]);
    expect(await targets()).toEqual([
      { address: '10.0.1.4', zone: 'eu-west-1a', state: 'healthy', reason: undefined },
      { address: '10.0.2.4', zone: 'eu-west-1b', state: 'healthy', reason: undefined },
    ]);
    const addresses = (await api.tasks()).map((task) =>
      task.attachments?.[0]?.details?.find(({ name }) => name === 'privateIPv4Address'),
    );
    expect(addresses.map((one) => one?.value)).toEqual(['10.0.1.4', '10.0.2.4']);
  });
});

describe('a good release', () => {
  test('rolls: new tasks turn healthy, then old ones drain, then it is SUCCESSFUL', async () => {
    const answer = await api.release('b');
    expect(answer.deployments?.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE']);
    expect((await api.latest()).status).toBe('PENDING');
    await world.run(15);
    expect((await api.latest()).status).toBe('IN_PROGRESS');
    expect((await targets()).map(({ state }) => state).sort()).toEqual([
      'draining',
      'draining',
      'healthy',
      'healthy',
    ]);
    await world.run(60);
    expect(await api.latest()).toMatchObject({
      status: 'SUCCESSFUL',
      deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE', failureCount: 0, threshold: 3 },
    });
    expect((await targets()).map(({ state }) => state)).toEqual(['healthy', 'healthy']);
    expect((await api.service()).events?.[0]?.message).toBe('(service orders) has reached a steady state.');
  });

  test('is recognised: the revision carries the deployment id, and says which digest runs where', async () => {
    const answer = await api.release('b');
    await world.run(60);
    const { targetServiceRevision } = await api.latest();
    expect(answer.deployments?.[0]?.id).toMatch(/^ecs-svc\/\d{19}$/);
    expect(`ecs-svc/${targetServiceRevision?.arn?.split('/').at(-1)}`).toBe(answer.deployments?.[0]?.id);
    const { serviceRevisions } = await api.call<DescribeServiceRevisionsCommandOutput>(
      'DescribeServiceRevisions',
      {
        serviceRevisionArns: [targetServiceRevision?.arn],
      },
    );
    expect(serviceRevisions?.[0]).toMatchObject({
      containerImages: [{ containerName: 'orders', imageDigest: digest('b') }],
      resolvedConfiguration: { loadBalancers: [{ targetGroupArn: orders.targetGroupArn }] },
    });
    const tasks = await api.tasks();
    expect(tasks.map((task) => task.containers?.[0]?.imageDigest)).toEqual([digest('b'), digest('b')]);
    expect(tasks.map(({ startedBy }) => startedBy)).toEqual(tasks.map(() => answer.deployments?.[0]?.id));
  });
});

test('a tag is resolved once: a task that is started later runs the same image, whatever the tag means by then', async () => {
  world.tags.set('127.0.0.1:4566/acme/orders:1', image('b'));
  await api.release('127.0.0.1:4566/acme/orders:1');
  await world.run(60);
  world.tags.set('127.0.0.1:4566/acme/orders:1', image('c'));
  await api.update({ desiredCount: 3 });
  await world.run(60);
  const digests = (await api.tasks()).map(({ containers }) => containers?.[0]?.imageDigest);
  expect(digests).toEqual([digest('b'), digest('b'), digest('b')]);
});

describe('a bad release', () => {
  test('whose image is missing is rolled back, and its tasks say that it could not be pulled', async () => {
    await api.release('127.0.0.1:4566/acme/missing:1');
    await world.run(300);
    expect((await api.latest()).status).toBe('ROLLBACK_SUCCESSFUL');
    const [task] = await api.tasks('STOPPED');
    expect(task?.stopCode).toBe('TaskFailedToStart');
    expect(task?.stoppedReason).toMatch(/^CannotPullContainerError: .*acme\/missing:1: not found/);
    expect(task?.containers?.[0]?.exitCode).toBeUndefined();
    expect((await api.service()).runningCount).toBe(2);
  });

  test('whose image is for another processor says which platform was wanted', async () => {
    await api.release('127.0.0.1:4566/acme/arm:1');
    await world.run(30);
    expect((await api.tasks('STOPPED'))[0]?.stoppedReason).toMatch(/matching platform 'linux\/amd64'/);
  });

  test('that crashes at start is rolled back with the exit code kept', async () => {
    simulatedOf(world).script(digest('b'), { exit: { code: 7, afterSeconds: 0.5 } });
    const answer = await api.release('b');
    await world.run(120);
    expect(await api.latest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: 'ECS deployment circuit breaker: tasks failed to start.' },
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    });
    const crashed = (await api.tasks('STOPPED')).filter(
      (task) => task.stopCode === 'EssentialContainerExited',
    );
    expect(crashed).toHaveLength(3);
    expect(crashed[0]).toMatchObject({
      startedBy: answer.deployments?.[0]?.id,
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'orders', exitCode: 7 }],
    });
    expect((await api.service()).taskDefinition).toMatch(/:1$/);
  });

  test('that answers its health check with 500 is ended with the load balancer named, and rolled back', async () => {
    simulatedOf(world).script(digest('b'), { unhealthy: { answer: { kind: 'answered', status: 500 } } });
    await api.release('b');
    await world.run(300);
    expect((await api.latest()).status).toBe('ROLLBACK_SUCCESSFUL');
    const { events = [] } = await api.service();
    expect(
      events.some(({ message }) =>
        message?.includes('due to (reason Health checks failed with these codes: [500])'),
      ),
    ).toBe(true);
    const [failed] = (await api.tasks('STOPPED')).filter(({ stoppedReason }) =>
      stoppedReason?.includes('ELB health checks'),
    );
    expect(failed?.stoppedReason).toBe(
      `Task failed ELB health checks in (target-group ${orders.targetGroupArn})`,
    );
  });

  test('whose log group is missing does not start', async () => {
    const [container] = taskDefinitionInput('b').containerDefinitions;
    const options = { ...container?.logConfiguration.options, 'awslogs-group': '/absent' };
    const containerDefinitions = [{ ...container, logConfiguration: { logDriver: 'awslogs', options } }];
    await api.update({ taskDefinition: await api.register('b', { containerDefinitions }) });
    await world.run(30);
    expect((await api.tasks('STOPPED'))[0]?.stoppedReason).toMatch(
      /^ResourceInitializationError: .*log group does not exist/,
    );
  });

  test('can be stopped by hand while it rolls, and not again when it is over', async () => {
    simulatedOf(world).script(digest('b'), { healthyAfterSeconds: 600 });
    await api.release('b');
    await world.run(10);
    const { serviceDeploymentArn } = await api.latest();
    await api.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
    expect((await api.latest()).status).toBe('ROLLBACK_REQUESTED');
    await world.run(120);
    expect((await api.latest()).status).toBe('ROLLBACK_SUCCESSFUL');
    await expect(api.call('StopServiceDeployment', { serviceDeploymentArn })).rejects.toMatchObject({
      code: 'ConflictException',
    });
  });

  test('that is replaced by another one is STOPPED, and says by what', async () => {
    await api.release('b');
    await world.run(5);
    await api.release('c');
    await world.run(120);
    const [third, second] = await api.deployments();
    expect(second).toMatchObject({ status: 'STOPPED' });
    expect(second?.statusReason).toMatch(/replaced by a new service deployment/);
    expect(third?.status).toBe('SUCCESSFUL');
  });
});

test('every operation that the pipeline, a stack or a look at what runs calls is there', () => {
  expect(Object.keys(ecs.operations).sort()).toEqual([
    'ContinueServiceDeployment',
    'CreateCluster',
    'CreateService',
    'DeleteCluster',
    'DeleteService',
    'DeregisterTaskDefinition',
    'DescribeClusters',
    'DescribeServiceDeployments',
    'DescribeServiceRevisions',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTasks',
    'ListClusters',
    'ListServiceDeployments',
    'ListServices',
    'ListTagsForResource',
    'ListTaskDefinitionFamilies',
    'ListTaskDefinitions',
    'ListTasks',
    'RegisterTaskDefinition',
    'RunTask',
    'StopServiceDeployment',
    'StopTask',
    'TagResource',
    'UpdateService',
  ]);
});
