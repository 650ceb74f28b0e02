import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeRepositoriesCommand,
  ECRClient,
  ListTagsForResourceCommand as ListTagsOfRepository,
} from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTasksCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { GetPolicyCommand, GetRoleCommand, IAMClient, ListGroupsCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectAclCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen } from '../src/server.ts';
import { behaviourOf } from '../src/world/behaviour.ts';
import { callLog } from '../src/world/calls.ts';
import { virtualClock } from '../src/world/clock.ts';
import { faultList } from '../src/world/faults.ts';
import { issueKey } from '../src/world/keys.ts';
import { localWorld } from '../src/world/local-world.ts';
import { ACME, REGION, refusal, type Stage, stage, VAULT } from './acme.ts';
import { signed } from './signed-request.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

/** Input that the compiler would refuse, as a misspelling in JavaScript would send it. */
function misspelt<T>(input: object): T {
  return input as T;
}

describe('a request', () => {
  it('without a required member is refused, the member named', async () => {
    const kms = new KMSClient(on.as(on.acme));
    expect(await refusal(kms.send(new DescribeKeyCommand(misspelt({}))))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
      status: 400,
    });
    const iam = new IAMClient(on.as(on.acme));
    expect(await refusal(iam.send(new GetRoleCommand(misspelt({}))))).toMatchObject({
      name: 'ValidationError',
    });
  });

  it('with a member that does not exist is refused by name, where AWS would pass over it', async () => {
    const send = await signed(on.aws.url, REGION, on.acme, {
      target: 'TrentService.DescribeKey',
      body: '{"KeyID":"x","KeyId":"x"}',
    });
    expect(await (await send('{"KeyID":"x","KeyId":"x"}')).json()).toEqual({
      __type: 'NotImplemented',
      message:
        'local-aws does not know KeyID of kms:DescribeKey. AWS passes over members that it does not know.',
    });
  });

  it('with a value of the wrong type is refused', async () => {
    const body = '{"KeyId":7}';
    const send = await signed(on.aws.url, REGION, on.acme, { target: 'TrentService.DescribeKey', body });
    expect(await (await send(body)).json()).toMatchObject({
      __type: 'SerializationException',
      message: "'KeyId' must be a string",
    });
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'about %s finds nothing that nobody made',
    async (name) => {
      const as = on.as(on.acme);
      const [iam, ecs, ecr] = [new IAMClient(as), new ECSClient(as), new ECRClient(as)];
      const sent = [
        iam.send(new GetRoleCommand({ RoleName: name })),
        ecs.send(new ListTasksCommand({ cluster: name })),
        ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name })),
        ecr.send(
          new DescribeRepositoriesCommand({ repositoryNames: [name.toLowerCase().replaceAll('_', 'a')] }),
        ),
      ];
      const named = await Promise.all(sent.map(refusal));
      expect(named.map((refused) => refused.name)).toEqual([
        'NoSuchEntityException',
        'ClusterNotFoundException',
        'ClientException',
        'RepositoryNotFoundException',
      ]);
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters).toMatchObject([{ clusterName: name, status: 'ACTIVE' }]);
    },
  );

  it('about what is no resource of its kind is refused by the service, before IAM is asked', async () => {
    const other = 'arn:aws:s3:::another-kind';
    const as = on.as(on.acme);
    const tags = [{ key: 'team', value: 'orders' }];
    const refusals = [
      new ECSClient(as).send(new TagResourceCommand({ resourceArn: other, tags })),
      new ECRClient(as).send(new ListTagsOfRepository({ resourceArn: other })),
      new IAMClient(as).send(new GetPolicyCommand({ PolicyArn: other })),
      new STSClient(as).send(new AssumeRoleCommand({ RoleArn: other, RoleSessionName: 'orders' })),
      new ECSClient(as).send(new ListTasksCommand({ cluster: other })),
    ].map(refusal);
    const [message, status] = [`ARN ${other} is not valid.`, 400];
    expect(await Promise.all(refusals)).toEqual([
      { name: 'InvalidParameterException', message, status },
      { name: 'InvalidParameterException', message, status },
      { name: 'ValidationError', message, status },
      { name: 'ValidationError', message, status },
      { name: 'InvalidParameterException', message, status },
    ]);
  });

  it.each([
    ['page size', new ListObjectsV2Command(misspelt({ Bucket: VAULT, MaxKeys: 'ten' })), 'InvalidArgument'],
    ['bucket name', new ListObjectsV2Command({ Bucket: 'A_B' }), 'InvalidBucketName'],
    ['token', new ListObjectsV2Command({ Bucket: VAULT, ContinuationToken: '' }), 'InvalidArgument'],
    [
      'storage class',
      new PutObjectCommand(misspelt({ Bucket: VAULT, Key: 'a', Body: 'a', StorageClass: 'COLD' })),
      'InvalidStorageClass',
    ],
  ])('to S3 with a wrong %s is refused as a wrong argument', async (_, command, name) => {
    const sent = new S3Client({ ...on.as(on.acme), forcePathStyle: true }).send(
      command as ListObjectsV2Command,
    );
    expect(await refusal(sent)).toMatchObject({ name, status: 400 });
  });

  it('that is no JSON is refused', async () => {
    const send = await signed(on.aws.url, REGION, on.acme, { target: 'TrentService.DescribeKey', body: '{' });
    expect(await (await send('{')).json()).toMatchObject({ __type: 'SerializationException' });
  });

  it('for an operation that AWS has and local-aws has not is refused by name, and recorded', async () => {
    expect(await refusal(new IAMClient(on.as(on.acme)).send(new ListGroupsCommand({})))).toEqual({
      name: 'NotImplemented',
      message: 'local-aws does not implement iam:ListGroups.',
      status: 501,
    });
    const acl = new S3Client(on.as(on.acme)).send(new GetObjectAclCommand({ Bucket: VAULT, Key: 'x' }));
    expect(await refusal(acl)).toMatchObject({
      name: 'NotImplemented',
      message: 'local-aws does not implement s3:GetObjectAcl.',
    });
    expect(on.aws.calls.at(-1)).toMatchObject({
      service: 's3',
      operation: 'GetObjectAcl',
      effects: 0,
      error: 'NotImplemented',
    });
  });

  it('for an operation that AWS has not either is refused as AWS does', async () => {
    const send = await signed(on.aws.url, REGION, on.acme, { target: 'TrentService.Frobnicate', body: '{}' });
    expect(await (await send('{}')).json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  it('for a service that local-aws has not is refused by name, and recorded', async () => {
    const target = 'AWSGlue.GetJob';
    const send = await signed(on.aws.url, REGION, on.acme, { target, body: '{}' });
    expect(await (await send('{}')).json()).toMatchObject({
      __type: 'NotImplemented',
      message: expect.stringContaining(target),
    });
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: target, error: 'NotImplemented' });
  });

  it('with an unknown filter is refused, as a subnet that does not exist is', async () => {
    const ec2 = new EC2Client(on.as(on.acme));
    const filtered = ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'zone', Values: ['x'] }] }));
    expect(await refusal(filtered)).toMatchObject({ name: 'InvalidParameterValue' });
    const absent = ec2.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-nothing'] }));
    expect(await refusal(absent)).toMatchObject({ name: 'InvalidSubnetID.NotFound' });
  });
});

describe('a client that speaks rpcv2Cbor', () => {
  it('is answered in it, errors included', async () => {
    const kms = new KMSClient({ ...on.as(on.acme), protocol: AwsSmithyRpcV2CborProtocol });
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/td/prod/build' }));
    expect(KeyMetadata).toMatchObject({ KeySpec: 'ECC_NIST_P256', CreationDate: expect.any(Date) });
    const absent = kms.send(new DescribeKeyCommand({ KeyId: 'alias/nothing' }));
    expect(await refusal(absent)).toMatchObject({ name: 'NotFoundException' });
  });
});

describe('a service that spoke the query protocol before', () => {
  it('tells its older code too: clients of either protocol look for it', async () => {
    const body = JSON.stringify({ AlarmNames: ['a'], AlarmNamePrefix: 'a' });
    const target = 'GraniteServiceVersion20100801.DescribeAlarms';
    const send = await signed(on.aws.url, REGION, on.acme, { target, body, service: 'monitoring' });
    const answer = await send(body);
    expect(answer.headers.get('x-amzn-query-error')).toBe('InvalidParameterCombination;Sender');
    expect(await answer.json()).toMatchObject({ __type: 'InvalidParameterCombinationException' });
  });
});

describe('a reply', () => {
  it('that does not fit its schema is an error that names the member, not something that the SDK drops in silence', async () => {
    const world = localWorld({ clock: virtualClock(), url: () => '', runtime: 'simulated' });
    const credentials = issueKey(world, { account: ACME, arn: 'arn:aws:iam::000011112222:user/x' });
    const broken = {
      name: 'sts',
      sdk: '@aws-sdk/client-sts',
      operations: { GetCallerIdentity: () => ({ Acount: ACME, Arn: 7 }) },
    };
    const house = {
      services: [broken],
      world,
      log: callLog(),
      faults: faultList(),
      behaviour: behaviourOf(world),
      asksOf: () => [],
      checkReplies: true,
    };
    const server = await listen(house, {});
    const sts = new STSClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: REGION,
      credentials,
      maxAttempts: 1,
    });
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining(
        "does not fit GetCallerIdentity's schema: Acount (unknown), Arn (type)",
      ),
    });
    await server.close();
  });
});
