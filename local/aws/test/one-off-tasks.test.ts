import type { GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type {
  DescribeTasksCommandOutput,
  ListTasksCommandOutput,
  RunTaskCommandOutput,
  StopTaskCommandOutput,
  Task,
} from '@aws-sdk/client-ecs';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { ec2Of } from '../src/services/ec2.ts';
import { setShortage, simulatedOf } from '../src/services/ecs.ts';
import { putRole } from '../src/services/iam.ts';
import { logs } from '../src/services/logs.ts';
import { deleteSecret, seedSecret } from '../src/services/secretsmanager.ts';
import { seedParameter } from '../src/services/ssm.ts';
import { ecsApi, taskDefinitionInput } from './ecs-api.ts';
import { ACCOUNT, ask, LOG_GROUP, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
beforeAll(readReference); // by which a task's secrets are asked for
beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  api = ecsApi(world);
});

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] } };
const MIGRATION = {
  cluster: 'acme-prod',
  taskDefinition: 'acme-prod-orders',
  launchType: 'FARGATE',
  networkConfiguration: NETWORK,
  startedBy: 'td/chg_1',
};
const run = (more: object = {}) => api.call<RunTaskCommandOutput>('RunTask', { ...MIGRATION, ...more });
const seen = async (task: Task | undefined, include: string[] = []): Promise<Task> => {
  const input = { cluster: 'acme-prod', tasks: [task?.taskArn], include };
  const { tasks } = await api.call<DescribeTasksCommandOutput>('DescribeTasks', input);
  return tasks?.[0] ?? {};
};

describe('a one-off task', () => {
  test('runs to its end in the network it was given, and its exit code and log are there', async () => {
    const log = [
      { atSeconds: 0, line: 'migrating' },
      { atSeconds: 8, line: 'done' },
    ];
    simulatedOf(world).script('td/chg_1', { log, exit: { code: 0, afterSeconds: 10 } });
    const { tasks = [], failures } = await run({
      overrides: { containerOverrides: [{ name: 'orders', command: ['migrate'] }] },
      tags: [{ key: 'change', value: 'chg_1' }],
    });
    expect(failures).toEqual([]);
    expect(tasks).toMatchObject([{ lastStatus: 'PROVISIONING', startedBy: 'td/chg_1' }]);
    await world.run(4);
    expect(await seen(tasks[0], ['TAGS'])).toMatchObject({
      lastStatus: 'RUNNING',
      group: 'family:acme-prod-orders',
      availabilityZone: expect.stringMatching(/^eu-west-1[ab]$/),
      overrides: { containerOverrides: [{ name: 'orders', command: ['migrate'] }] },
      tags: [{ key: 'change', value: 'chg_1' }],
    });
    const stream = `orders/orders/${tasks[0]?.taskArn?.split('/').at(-1)}`;
    const read = (nextToken?: string) =>
      ask<GetLogEventsCommandOutput>(
        logs.operations['GetLogEvents'],
        { logGroupName: LOG_GROUP, logStreamName: stream, startFromHead: true, nextToken },
        world.call,
      );
    const first = await read();
    expect(first.events?.map(({ message }) => message)).toEqual(['migrating']);
    await world.run(20);
    const rest = await read(first.nextForwardToken);
    expect(rest.events?.map(({ message }) => message)).toEqual(['done']);
    expect(await seen(tasks[0])).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'orders', exitCode: 0 }],
    });
    await world.run(3_601);
    expect(await seen(tasks[0])).toEqual({});
  });

  test('gives up in its own words when its image or a secret cannot be had', async () => {
    const fate = async (container: object, more: object = {}) => {
      const [definition] = taskDefinitionInput('b').containerDefinitions;
      const taskDefinition = await api.register('b', {
        containerDefinitions: [{ ...definition, ...container }],
        executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
        ...more,
      });
      const { tasks } = await run({ taskDefinition });
      await world.run(5);
      const { stopCode, stoppedReason, containers } = await seen(tasks?.[0]);
      return `${stopCode} ${containers?.[0]?.exitCode} ${stoppedReason}`;
    };
    const secret = (valueFrom: string) => ({ secrets: [{ name: 'PASSWORD', valueFrom }] });
    const { arn } = seedSecret(world, ACCOUNT, REGION, { name: 'td/orders', value: '{"password":"x"}' });
    seedParameter(world, ACCOUNT, REGION, { name: '/td/key', value: 'k' });
    const asm =
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm:';
    expect(await fate({ image: '127.0.0.1:4566/acme/missing:1' })).toMatch(
      /^TaskFailedToStart undefined CannotPullContainerError: /,
    );
    expect(await fate(secret(arn))).toContain(
      `${asm} service call has been retried 1 time(s): failed to fetch secret ${arn} from secrets manager: AccessDeniedException: User: arn:aws:sts::${ACCOUNT}:assumed-role/execution/`,
    );
    allowEverything();
    expect(await fate(secret(`${arn}:nothing::`))).toContain(
      `${asm} retrieved secret from Secrets Manager did not contain json key nothing`,
    );
    expect(await fate(secret('/td/other'))).toContain('invalid ssm parameters: /td/other');
    deleteSecret(world, ACCOUNT, REGION, 'td/orders');
    expect(await fate(secret(arn))).toContain('marked for deletion');
  });

  test('finds its secrets in its environment', async () => {
    allowEverything();
    const { arn } = seedSecret(world, ACCOUNT, REGION, { name: 'td/orders', value: '{"password":"x"}' });
    seedParameter(world, ACCOUNT, REGION, { name: '/td/key', value: 'k' });
    let environment: Readonly<Record<string, string>> = {};
    simulatedOf(world).script('td/chg_1', ({ order }) => {
      environment = order.containers[0]?.environment ?? {};
      return {};
    });
    const [definition] = taskDefinitionInput('b').containerDefinitions;
    const secrets = [
      { name: 'PASSWORD', valueFrom: `${arn}:password::` },
      { name: 'KEY', valueFrom: '/td/key' },
    ];
    const taskDefinition = await api.register('b', {
      containerDefinitions: [{ ...definition, secrets, environment: [{ name: 'LEVEL', value: 'info' }] }],
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
    });
    const override = { name: 'orders', environment: [{ name: 'LEVEL', value: 'debug' }] };
    await run({ taskDefinition, overrides: { containerOverrides: [override] } });
    await world.run(5);
    expect(environment).toEqual({ LEVEL: 'debug', PASSWORD: 'x', KEY: 'k' });
  });

  test('is found by who started it and by its family, beside the tasks of services', async () => {
    const { tasks } = await run();
    await world.run(3);
    const list = async (input: object) =>
      (await api.call<ListTasksCommandOutput>('ListTasks', { cluster: 'acme-prod', ...input })).taskArns;
    expect(await list({ startedBy: 'td/chg_1' })).toEqual([tasks?.[0]?.taskArn]);
    expect(await list({ family: 'acme-prod-orders' })).toHaveLength(3);
    expect(await list({ serviceName: 'orders' })).toHaveLength(2);
  });

  test('is stopped by hand, with the reason that was given', async () => {
    simulatedOf(world).script('td/chg_1', {});
    const { tasks } = await run();
    await world.run(5);
    const input = { cluster: 'acme-prod', task: tasks?.[0]?.taskArn, reason: 'cancelled' };
    const { task } = await api.call<StopTaskCommandOutput>('StopTask', input);
    expect(task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated' });
    await world.run(5);
    const stopped = { lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'cancelled' };
    expect(await seen(tasks?.[0])).toMatchObject(stopped);
    await api.call('StopTask', { ...input, reason: 'again' });
    expect(await seen(tasks?.[0])).toMatchObject(stopped);
  });
});

test("a service's task that somebody stops is replaced, and is nobody's failure", async () => {
  const [task] = await api.tasks();
  await api.call('StopTask', { cluster: 'acme-prod', task: task?.taskArn?.split('/').at(-1) });
  await world.run(60);
  expect(await seen(task)).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'UserInitiated',
    stoppedReason: 'Task stopped by user',
  });
  const { runningCount, deployments } = await api.service();
  expect([runningCount, deployments?.[0]?.failedTasks]).toEqual([2, 0]);
});

describe('a client token', () => {
  test('starts one task, however often it is sent', async () => {
    const first = await run({ clientToken: 'run-1-1' });
    await world.run(30);
    const again = await run({ clientToken: 'run-1-1' });
    expect(again.tasks?.map(({ taskArn }) => taskArn)).toEqual([first.tasks?.[0]?.taskArn]);
    expect(again.tasks?.[0]?.lastStatus).toBe('STOPPED');
    const other = await run({ clientToken: 'run-1-2' });
    expect(other.tasks?.[0]?.taskArn).not.toBe(first.tasks?.[0]?.taskArn);
  });

  test('sent with another request is a conflict that names the task', async () => {
    const { tasks } = await run({ clientToken: 'run-1-1' });
    await expect(run({ clientToken: 'run-1-1', count: 2 })).rejects.toMatchObject({
      code: 'ConflictException',
      members: { resourceIds: [tasks?.[0]?.taskArn] },
    });
  });
});

describe('what cannot be placed', () => {
  test('is in the failures, not in an error', async () => {
    const reason = 'Capacity is unavailable at this time. Please try again later.';
    setShortage(world, ACCOUNT, REGION, reason);
    expect(await run({ count: 2 })).toMatchObject({ tasks: [], failures: [{ reason }, { reason }] });
    setShortage(world, ACCOUNT, REGION, undefined);
    expect(await run({ count: 2 })).toMatchObject({ tasks: [{}, {}], failures: [] });
  });

  test('for want of an address leaves those that had one', async () => {
    const subnet = {
      id: 'subnet-a',
      vpc: 'vpc-1',
      cidr: '10.0.1.0/24',
      zone: 'eu-west-1a',
      zoneId: 'euw1-az1',
    };
    ec2Of(world, ACCOUNT, REGION).subnets['subnet-a'] = { ...subnet, heldByOthers: 249, tags: {} };
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } };
    const { tasks, failures } = await run({ count: 3, networkConfiguration });
    expect(tasks).toHaveLength(1);
    expect(failures).toEqual([{ reason: 'RESOURCE:ENI' }, { reason: 'RESOURCE:ENI' }]);
  });
});

test.each([
  [
    'no network',
    { networkConfiguration: undefined },
    'InvalidParameterException',
    /Network Configuration must/,
  ],
  ['no launch type', { launchType: undefined }, 'InvalidParameterException', /No Container Instances/],
  ['an unknown task definition', { taskDefinition: 'nothing' }, 'ClientException', /not found/],
  ['eleven tasks', { count: 11 }, 'InvalidParameterException', /between 1 and 10/],
  [
    'an override of a container that is not there',
    { overrides: { containerOverrides: [{ name: 'sidecar' }] } },
    'InvalidParameterException',
    /Override for container named sidecar is not a container in the TaskDefinition/,
  ],
  ['an unknown cluster', { cluster: 'nowhere' }, 'ClusterNotFoundException', /./],
])('%s is refused', async (_, wrong, code, message) => {
  await expect(run(wrong)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

function allowEverything(): void {
  putRole(world, ACCOUNT, {
    partition: 'aws',
    name: 'execution',
    path: '/',
    description: '',
    trust: { Version: '2012-10-17', Statement: [] },
    policies: { all: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } },
    tags: {},
    maxSessionDuration: 3600,
  });
}
