import { beforeAll, describe, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { makingOf } from '../src/cloudformation/making.ts';
import type { Making, Properties } from '../src/cloudformation/resource-type.ts';
import { specOf } from '../src/cloudformation/spec.ts';
import { resourceTypes } from '../src/cloudformation/types/index.ts';
import { putRole } from '../src/services/iam.ts';
import { localWorld } from '../src/world/local-world.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import type { Principal } from '../src/world/service.ts';

const account = '000011112222';
const region = 'eu-west-1';
const world = localWorld({ clock: manualClock(), url: () => 'http://127.0.0.1:1', runtime: 'simulated' });
const operator: Principal = { account, arn: `arn:aws:iam::${account}:user/operator` };
const stack = { name: 'acme', id: `arn:aws:cloudformation:${region}:${account}:stack/acme/1` };

beforeAll(readReference);

function making(properties: Properties, principal = operator): Making {
  return makingOf(
    { world, account, region, principal },
    { stack, logicalId: 'It', properties, token: 'first' },
  );
}

describe('every type', () => {
  it.each([...resourceTypes.keys()])('%s is one that AWS has', (type) => {
    expect(specOf(type)?.cloudFormationType).toBe(type);
  });
});

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

interface Sample {
  readonly type: string;
  readonly first: Properties;
  readonly after: Properties;
  readonly attributes: Properties;
}

const samples: readonly Sample[] = [
  {
    type: 'AWS::Logs::LogGroup',
    first: { LogGroupName: '/acme', RetentionInDays: 30, Tags: [{ Key: 'tenant', Value: 'acme' }] },
    after: { LogGroupName: '/acme', RetentionInDays: 365, Tags: [{ Key: 'tenant', Value: 'acme' }] },
    attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:/acme:*` },
  },
  {
    type: 'AWS::ECS::Cluster',
    first: { ClusterName: 'acme', Tags: [{ Key: 'tenant', Value: 'acme' }] },
    after: { ClusterName: 'acme', Tags: [{ Key: 'tenant', Value: 'globex' }] },
    attributes: { Arn: `arn:aws:ecs:${region}:${account}:cluster/acme` },
  },
  {
    type: 'AWS::S3::Bucket',
    first: { BucketName: 'acme', VersioningConfiguration: { Status: 'Enabled' } },
    after: { BucketName: 'acme', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
    attributes: { Arn: 'arn:aws:s3:::acme', RegionalDomainName: `acme.s3.${region}.amazonaws.com` },
  },
  {
    type: 'AWS::ECR::Repository',
    first: { RepositoryName: 'acme/orders', ImageTagMutability: 'MUTABLE' },
    after: { RepositoryName: 'acme/orders', ImageTagMutability: 'IMMUTABLE' },
    attributes: { RepositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/acme/orders` },
  },
  {
    type: 'AWS::IAM::Role',
    first: { RoleName: 'acme', AssumeRolePolicyDocument: TRUST, Tags: [{ Key: 'tenant', Value: 'acme' }] },
    after: { RoleName: 'acme', AssumeRolePolicyDocument: TRUST, MaxSessionDuration: 7_200 },
    attributes: { Arn: `arn:aws:iam::${account}:role/acme` },
  },
];

it.each(samples)('$type is made, changed and removed, and read as it is', async (sample) => {
  const type = resourceTypes.get(sample.type);
  if (!type) throw new Error(`there is no ${sample.type} here`);
  const made = making(sample.first);
  const id = await type.create(world, made);
  expect(type.read(world, id, made)).toMatchObject(sample.first);
  expect(type.attributes?.(world, id, made) ?? {}).toMatchObject(sample.attributes);
  const changed = making(sample.after);
  await type.update(world, id, changed, sample.first);
  expect(type.read(world, id, changed)).toMatchObject(sample.after);
  await type.remove(world, id, changed);
  expect(type.read(world, id, changed)).toBeUndefined();
});

it('gives a name of its own to what the template gives none', async () => {
  const id = await resourceTypes.get('AWS::Logs::LogGroup')?.create(world, making({}));
  expect(id).toMatch(/^acme-It-[A-Z0-9]{12}$/);
});

it('lets whoever acts do what IAM allows them alone', async () => {
  putRole(world, account, {
    name: 'poor',
    path: '/',
    description: '',
    trust: { Version: '2012-10-17', Statement: [] },
    policies: {},
    tags: {},
    maxSessionDuration: 3_600,
    partition: 'aws',
  });
  const arn = `arn:aws:sts::${account}:assumed-role/poor/AWSCloudFormation`;
  const poor: Principal = { account, arn, roleArn: `arn:aws:iam::${account}:role/poor` };
  const group = resourceTypes.get('AWS::Logs::LogGroup');
  await expect(group?.create(world, making({ LogGroupName: '/no' }, poor))).rejects.toThrow(
    'is not authorized to perform: logs:CreateLogGroup',
  );
  expect(group?.read(world, '/no', making({}))).toBeUndefined();
});
