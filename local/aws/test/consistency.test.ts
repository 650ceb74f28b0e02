import {
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { issueKey } from '../src/world/keys.ts';
import { LATE_STORES } from '../src/world/late-stores.ts';
import { type ManualClock, manualClock } from '../src/world/manual-clock.ts';
import { ACME, refusal, type Stage, stage } from './acme.ts';

let clock: ManualClock;
let on: Stage;
beforeAll(async () => {
  clock = manualClock();
  on = await stage({ clock, seed: 'a test' });
});
afterAll(() => on.close());
beforeEach(() => clock.advance(10 * 60_000)); // all of it has been seen

const longest = (service: string) => LATE_STORES.find((late) => late.service === service)?.longest ?? 0;
const operator = () => ({ ...on.as(on.acme), maxAttempts: 1 });

const there = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

describe('a change that is seen late', () => {
  const trust = { RoleName: 'td-prod-gate', PolicyName: 'further' };
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'ecs:ListClusters', Resource: '*' }],
  };

  it('is an older reply, until it has come to all parts of the service', async () => {
    const iam = new IAMClient(operator());
    await iam.send(new PutRolePolicyCommand({ ...trust, PolicyDocument: JSON.stringify(document) }));
    expect(await refusal(iam.send(new GetRolePolicyCommand(trust)))).toMatchObject({
      name: 'NoSuchEntityException',
    });
    await clock.advance(longest('iam'));
    expect(await iam.send(new GetRolePolicyCommand(trust))).toMatchObject({ PolicyName: 'further' });
  });

  it('is counted where the reply was not the truth, and not where it was', async () => {
    const ec2 = new EC2Client(operator());
    const told = () => on.aws.witness.stale['ec2:DescribeVpcs'] ?? 0;
    const before = told();
    await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'cidr', Values: ['10.200.0.0/16'] }] }));
    expect(told()).toBe(before);
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    expect([Vpcs.some(({ CidrBlock }) => CidrBlock === '10.9.0.0/16'), told()]).toEqual([false, before + 1]);
  });

  it('hides what came after it: readers see changes in their order', async () => {
    const iam = new IAMClient(operator());
    const put = (name: string) =>
      iam.send(
        new PutRolePolicyCommand({ ...trust, PolicyName: name, PolicyDocument: JSON.stringify(document) }),
      );
    const seen = (name: string) => there(iam.send(new GetRolePolicyCommand({ ...trust, PolicyName: name })));
    await put('first');
    await put('second');
    const history: string[] = [];
    for (let second = 0; second <= 10; second += 1) {
      history.push([await seen('first'), await seen('second')].join());
      await clock.advance(1_000);
    }
    expect(history).not.toContain('false,true');
    expect([history[0], history.at(-1)]).toEqual(['false,false', 'true,true']);
  });
});

test('a change of what was just made is told that it does not exist, and changes nothing', async () => {
  const ec2 = new EC2Client(operator());
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }));
  const name = () =>
    ec2.send(new CreateTagsCommand({ Resources: [Vpc?.VpcId ?? ''], Tags: [{ Key: 'Name', Value: 'new' }] }));
  const subnet = () => ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.7.0.0/24' }));
  const told = on.aws.witness.stale['ec2:CreateSubnet'] ?? 0;
  for (const change of [name, subnet])
    expect(await refusal(change())).toMatchObject({ name: 'InvalidVpcID.NotFound' });
  expect(on.aws.witness.stale['ec2:CreateSubnet']).toBe(told + 1);
  await clock.advance(longest('ec2'));
  expect((await subnet()).Subnet).toMatchObject({ VpcId: Vpc?.VpcId });
  await name();
  await clock.advance(longest('ec2'));
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [Vpc?.VpcId ?? ''] }));
  expect(Vpcs[0]?.Tags).toEqual([{ Key: 'Name', Value: 'new' }]);
});

test('a role may not do what a new policy allows before that has come to where it is asked', async () => {
  const arn = `arn:aws:sts::${ACME}:assumed-role/td-prod-gate/late`;
  const session = issueKey(on.aws.world, { account: ACME, arn });
  const iam = new IAMClient(operator());
  const asGate = new IAMClient({ ...on.as(session), maxAttempts: 1 });
  const ask = () => asGate.send(new GetRolePolicyCommand({ RoleName: 'td-prod-gate', PolicyName: 'own' }));
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:GetRolePolicy', Resource: '*' }],
  };
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'td-prod-gate',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify(document),
    }),
  );
  expect(await refusal(ask())).toMatchObject({ name: 'AccessDenied' });
  await clock.advance(longest('iam'));
  expect(await ask()).toMatchObject({ PolicyName: 'own' });
});

test('a task is missing right after it was run', async () => {
  const ecs = new ECSClient(operator());
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
  );
  const [{ taskDefinition, networkConfiguration } = {}] = services;
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({ cluster: 'acme-prod', taskDefinition, networkConfiguration, launchType: 'FARGATE' }),
  );
  const [{ taskArn = '' } = {}] = tasks;
  const described = () => ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: [taskArn] }));
  expect(await described()).toMatchObject({ tasks: [], failures: [{ reason: 'MISSING' }] });
  await clock.advance(longest('ecs'));
  expect(await described()).toMatchObject({ tasks: [{ taskArn }], failures: [] });
});

test('a list of secrets is up to five minutes behind, and nothing else of a secret is', async () => {
  const secrets = new SecretsManagerClient(operator());
  await secrets.send(new CreateSecretCommand({ Name: 'td/acme/prod/orders/new', SecretString: 'x' }));
  const listed = async () => {
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ MaxResults: 100 }));
    return SecretList.some(({ Name }) => Name === 'td/acme/prod/orders/new');
  };
  expect(await listed()).toBe(false);
  expect(
    await secrets.send(new DescribeSecretCommand({ SecretId: 'td/acme/prod/orders/new' })),
  ).toMatchObject({
    Name: 'td/acme/prod/orders/new',
  });
  await clock.advance(longest('secretsmanager'));
  expect(await listed()).toBe(true);
});

test('the same seed draws the same delays, another one draws others', async () => {
  const seenAfter = async (seed: string) => {
    const time = manualClock();
    const world = await stage({ clock: time, seed });
    const iam = new IAMClient({ ...world.as(world.acme), maxAttempts: 1 });
    const policy = { RoleName: 'td-prod-gate', PolicyName: 'drawn' };
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
    });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    let waited = 0;
    while (!(await there(iam.send(new GetRolePolicyCommand(policy))))) {
      await time.advance(100);
      waited += 100;
    }
    await world.close();
    return waited;
  };
  const [first, again, other] = [await seenAfter('one'), await seenAfter('one'), await seenAfter('two')];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('nothing is late without a seed', async () => {
  const plain = await stage();
  const iam = new IAMClient(plain.as(plain.acme));
  const policy = { RoleName: 'td-prod-gate', PolicyName: 'at-once' };
  const PolicyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}';
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  expect(await iam.send(new GetRolePolicyCommand(policy))).toMatchObject({ PolicyName: 'at-once' });
  await plain.close();
});
