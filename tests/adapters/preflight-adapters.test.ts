import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { type Session, startSession } from '@tenant-delivery/aws/session/session';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { preflight } from '@tenant-delivery/deploy-ecs-service/preflight/preflight';
import { agreedPlacement } from '@tenant-delivery/deploy-ecs-service/preflight/subject';
import type { TaskDefinitionDocument } from '@tenant-delivery/deployment/observed';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import { deleteSecret, secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { allowing, whileAllowing } from '../stage/granting.ts';

const SCALE = 200;
const APP = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002'];
const DATABASE = 'td/prod/orders/database';

let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
  sandbox = await acmeSandbox(SCALE);
  const { opened } = await startSession(sandbox.runner(DEPLOY_JOB), sandbox.env, ORDERS, ['deploy']);
  session = await opened;
});
afterAll(() => sandbox.close());

const reader = () => preflightReader(session, 'deploy');
const groupArn = async () =>
  (await elbv2Targets(session, 'deploy').targetGroup('acme-prod-orders'))?.arn ?? '';
const databaseArn = () => secretsOf(sandbox.aws.world, ORDERS.account, ORDERS.region)[DATABASE]?.arn ?? '';

describe('what surrounds a service', () => {
  test('is told in our words', async () => {
    const role = await reader().role('acme-prod-orders-task');
    expect(role).toMatchObject({
      arn: 'arn:aws:iam::000011112222:role/td/prod/tasks/acme-prod-orders-task',
      trust: { Statement: [{ Principal: { Service: 'ecs-tasks.amazonaws.com' } }] },
    });
    const secret = await reader().secret(databaseArn());
    expect(secret).toMatchObject({ arn: databaseArn(), deletedAt: undefined });
    expect(Object.values(secret?.versions ?? {})).toEqual([['AWSCURRENT']]);
    expect(await reader().parameters(['/td/prod/orders/api-key', 'td/prod/none'])).toEqual([
      '/td/prod/orders/api-key',
    ]);
    expect(await reader().logGroupExists('/td/acme/prod/orders')).toBe(true);
    const subnets = await reader().subnets([...APP, 'subnet-0none']);
    expect(subnets).toMatchObject([
      { id: APP[0], vpc: 'vpc-0acme00000000prod', zoneId: 'euw1-az1' },
      { id: APP[1], vpc: 'vpc-0acme00000000prod', zoneId: 'euw1-az2' },
    ]);
    const arn = await groupArn();
    expect(await reader().targetGroups([arn, `${arn}0`])).toMatchObject([
      { arn, name: 'acme-prod-orders', type: 'ip', vpc: 'vpc-0acme00000000prod' },
    ]);
    expect(await reader().balancer('acme-prod-internal')).toMatchObject({
      scheme: 'internal',
      vpc: 'vpc-0acme00000000prod',
      state: 'active',
    });
  });

  test('counts the addresses that are left', async () => {
    const before = await reader().subnets(APP.slice(0, 1));
    const subnet = ec2Of(sandbox.aws.world, ORDERS.account, ORDERS.region).subnets[APP[0] ?? ''];
    if (subnet) subnet.heldByOthers += 3;
    const after = await reader().subnets(APP.slice(0, 1));
    expect((before[0]?.free ?? 0) - (after[0]?.free ?? 0)).toBe(3);
  });

  test('tells a secret that is being deleted, and one without a value', async () => {
    const { world } = sandbox.aws;
    const gone = seedSecret(world, ORDERS.account, ORDERS.region, {
      name: 'td/prod/orders/gone',
      value: 'x',
    });
    const empty = seedSecret(world, ORDERS.account, ORDERS.region, { name: 'td/prod/orders/empty' });
    deleteSecret(world, ORDERS.account, ORDERS.region, 'td/prod/orders/gone');
    expect((await reader().secret(gone.arn))?.deletedAt).toBeGreaterThan(session.clock.now() - 3_600_000);
    expect(await reader().secret(empty.arn)).toMatchObject({ deletedAt: undefined, versions: {} });
  });

  test("is absent only on AWS's own word", async () => {
    await expect(reader().role('nobody')).rejects.toThrow(/not authorized to perform: iam:GetRole/);
    const deploy = { account: ORDERS.account, name: 'td-prod-deploy' };
    await whileAllowing(sandbox.aws, deploy, allowing(['iam:GetRole']), async () =>
      expect(await reader().role('nobody')).toBeUndefined(),
    );
    expect(await reader().secret('td/prod/nothing')).toBeUndefined();
    expect(await reader().parameters(['/nothing'])).toEqual([]);
    expect(await reader().logGroupExists('/td/acme/prod/order')).toBe(false);
    expect(await reader().subnets(['subnet-0none'])).toEqual([]);
    expect(await reader().balancer('nothing')).toBeUndefined();
  });

  const reads: readonly [string, string, string, () => Promise<unknown>][] = [
    ['iam', 'GetRole', 'iam:GetRole', () => reader().role('acme-prod-orders-task')],
    [
      'secretsmanager',
      'DescribeSecret',
      'secretsmanager:DescribeSecret',
      () => reader().secret(databaseArn()),
    ],
    ['ssm', 'DescribeParameters', 'ssm:DescribeParameters', () => reader().parameters(['/x'])],
    ['logs', 'DescribeLogGroups', 'logs:DescribeLogGroups', () => reader().logGroupExists('/x')],
    ['ec2', 'DescribeSubnets', 'ec2:DescribeSubnets', () => reader().subnets(APP)],
    [
      'elasticloadbalancing',
      'DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetGroups',
      async () => reader().targetGroups([await groupArn()]),
    ],
    [
      'elasticloadbalancing',
      'DescribeLoadBalancers',
      'elasticloadbalancing:DescribeLoadBalancers',
      () => reader().balancer('acme-prod-internal'),
    ],
  ];

  test.each(reads)('is never taken from an empty answer to %s %s', async (service, operation, _, read) => {
    sandbox.aws.fail({
      service,
      operation,
      nth: service === 'elasticloadbalancing' && operation === 'DescribeTargetGroups' ? 2 : 1,
      kind: 'empty-reply',
    });
    await expect(read()).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });

  test.each(reads)(
    'names the action when AWS denies %s %s, and asks no second time',
    async (service, operation, action, read) => {
      sandbox.aws.fail({ service, operation, nth: 1, kind: 'denied' });
      const named = { code: 'AWS_DENIED', message: expect.stringContaining(action) };
      await expect(read()).rejects.toMatchObject(named);
    },
  );

  test.each(reads)('is asked for again when %s throttles %s', async (service, operation, _, read) => {
    sandbox.aws.fail({ service, operation, nth: 1, kind: 'throttle' });
    await expect(read()).resolves.toBeDefined();
  });

  test('never asks for a value', () => {
    const asked = sandbox.aws.calls.map(({ service, operation }) => `${service}:${operation}`);
    expect(asked.filter((call) => /GetSecretValue|GetParameter|Decrypt/.test(call))).toEqual([]);
  });
});

describe('a preflight over local-aws', () => {
  const SECRETS = 10;

  /** A preflight of what acme's orders run, with this many secrets. */
  async function preflightOf(secrets: number) {
    const services = ecsServices(session, 'deploy');
    const service = await services.service('acme-prod', 'orders');
    const current = await services.taskDefinition(service?.taskDefinition ?? '');
    if (!service || !current) throw new Error('the sandbox has a service');
    const admission = await (await inMemoryDelivery()).admission();
    const { world } = sandbox.aws;
    const named = Array.from({ length: secrets }, (_, i) => ({
      name: `S${i}`,
      valueFrom: seedSecret(world, ORDERS.account, ORDERS.region, {
        name: `td/prod/orders/s${i}`,
        value: 'x',
      }).arn,
    }));
    const [container] = current.document['containerDefinitions'] as TaskDefinitionDocument[]; // as ECS registered it
    const wanted = {
      ...current.document,
      containerDefinitions: [
        { ...container, secrets: [...named, { name: 'KEY', valueFrom: '/td/prod/orders/api-key' }] },
      ],
    };
    const runner = fakeRunner();
    const before = sandbox.aws.calls.length;
    const found = await preflight(
      {
        runner,
        clock: session.clock,
        local: session.local,
        services,
        scaling: autoscalingRange(session, 'deploy'),
        images: ecrInspections(session, 'deploy'),
        surroundings: reader(),
        alarms: cloudwatchAlarms(session, 'deploy'),
        credentialsUntil: 'renewed',
      },
      {
        ref: admission,
        agreed: agreedPlacement(admission),
        mode: 'deploy',
        service,
        current,
        wanted,
        alarms: ['orders-5xx'],
        ifInProgress: 'fail',
        wait: 1_200_000,
        recovers: false,
        waivers: [],
      },
    );
    return { found, calls: sandbox.aws.calls.slice(before), runner };
  }

  test('finds nothing at a service as it was provisioned, but the alarm that is not there', async () => {
    const { found, runner } = await preflightOf(0);
    expect(found.checks.filter(({ result }) => result !== 'pass').map(({ id }) => id)).toEqual(['alarms']);
    expect(runner.log.at(-1)).toBe('14 checks passed');
  });

  test(`takes under 30 requests with ${SECRETS} secrets, all of them reads that the deploy role is given`, async () => {
    const before = sandbox.aws.denied().length;
    const { calls } = await preflightOf(SECRETS);
    expect(calls.length).toBeLessThan(30);
    expect(calls.filter(({ operation }) => !/^(Describe|Get|List|BatchGet)/.test(operation))).toEqual([]);
    expect(sandbox.aws.denied().slice(before)).toEqual([]);
  });
});
