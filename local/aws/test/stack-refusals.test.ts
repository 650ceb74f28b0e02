import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { iamOf } from '../src/services/iam.ts';
import { ACCOUNT, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
});
afterAll(() => stage.aws.close());

const IAM: { Capabilities: ['CAPABILITY_NAMED_IAM'] } = { Capabilities: ['CAPABILITY_NAMED_IAM'] };
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const TRUST = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' });
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const role = (more: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'made', AssumeRolePolicyDocument: TRUST, ...more },
});
const managed = (PolicyDocument: object) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument },
});
const provider = (more: object) => ({
  Type: 'AWS::IAM::OIDCProvider',
  Properties: { Url: 'https://id.example', ClientIdList: ['sts.amazonaws.com'], ...more },
});
const key = (KeyPolicy: object) => ({
  Type: 'AWS::KMS::Key',
  Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', KeyPolicy },
});
const OWNER = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' };
const repository = (more: object) => ({
  Type: 'AWS::ECR::Repository',
  Properties: { RepositoryName: 'made', ...more },
});
const group = (more: object) => ({
  Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  Properties: { Name: 'made', TargetType: 'ip', Protocol: 'HTTP', Port: 8080, VpcId: 'vpc-1', ...more },
});
const bucketPolicy = (statement: object) => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'made-bucket' } },
  Made: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: ACCOUNT },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::made-bucket/*',
        ...statement,
      }),
    },
  },
});

describe('a stack fails at what AWS refuses:', () => {
  it.each<[string, object, RegExp]>([
    [
      'a role that lets in nobody',
      role({ AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }) }),
      /Missing required field Principal/,
    ],
    [
      'a role whose permissions have no resource',
      role({ Policies: [{ PolicyName: 'p', PolicyDocument: policy({ ...READ, Resource: undefined }) }] }),
      /must contain resources/,
    ],
    [
      'a role whose boundary is no policy',
      role({ PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:role/b` }),
      /ARN .* is not valid/,
    ],
    [
      'a role with eleven managed policies',
      role({ ManagedPolicyArns: Array.from({ length: 11 }, (_, n) => `arn:aws:iam::aws:policy/P${n}`) }),
      /PoliciesPerRole: 10/,
    ],
    [
      'a managed policy of 2008',
      managed({ ...policy(READ), Version: '2008-10-17' }),
      /must be version 2012-10-17/,
    ],
    [
      'a provider without TLS',
      provider({ Url: 'http://id.example' }),
      /Invalid Open ID Connect Provider URL|Url/,
    ],
    [
      'a provider at a port',
      provider({ Url: 'https://id.example:8443' }),
      /Invalid Open ID Connect Provider URL|Url/,
    ],
    [
      'a provider with a client twice',
      provider({ ClientIdList: ['a', 'a'] }),
      /Duplicate client IDs|ClientIdList/,
    ],
    [
      'a key policy without a principal',
      key(policy(OWNER, { Effect: 'Allow', Action: 'kms:Sign', Resource: '*' })),
      /statement with no principal/,
    ],
    [
      'a key policy with a wildcard for a role',
      key(policy(OWNER, { ...OWNER, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/td-*` } })),
      /invalid principals/,
    ],
    [
      'a key that nobody could change',
      key(policy({ ...OWNER, Action: 'kms:Sign' })),
      /will not allow you to update the key policy/,
    ],
    [
      'a lifecycle policy in which any comes first',
      repository({
        LifecyclePolicy: {
          LifecyclePolicyText: JSON.stringify({
            rules: [1, 2].map((rulePriority) => ({
              rulePriority,
              selection: {
                tagStatus: rulePriority === 1 ? 'any' : 'untagged',
                countType: 'imageCountMoreThan',
                countNumber: 1,
              },
              action: { type: 'expire' },
            })),
          }),
        },
      }),
      /highest rulePriority/,
    ],
    [
      'a repository policy without a principal',
      repository({ RepositoryPolicyText: policy({ Effect: 'Allow', Action: 'ecr:BatchGetImage' }) }),
      /Invalid repository policy provided/,
    ],
    [
      'basic scans without an end',
      {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: {
          ScanType: 'BASIC',
          Rules: [
            {
              ScanFrequency: 'CONTINUOUS_SCAN',
              RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }],
            },
          ],
        },
      },
      /CONTINUOUS_SCAN/,
    ],
    [
      'enhanced scans by hand',
      {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: {
          ScanType: 'ENHANCED',
          Rules: [{ ScanFrequency: 'MANUAL', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }],
        },
      },
      /MANUAL/,
    ],
    [
      'a load balancer with a name of its own kind',
      {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Name: 'internal-made', Subnets: [] },
      },
      /cannot begin with 'internal-'/,
    ],
    ['a target group with a long name', group({ Name: 'x'.repeat(33) }), /cannot be longer than '32'/],
    ['a target group at port 0', group({ Port: 0 }), /Port '0' must be between/],
    [
      'a health check that waits longer than its interval',
      group({ HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10 }),
      /must be smaller than the interval/,
    ],
    [
      'a health check every four seconds',
      group({ HealthCheckIntervalSeconds: 4, HealthCheckTimeoutSeconds: 2 }),
      /between '5' and '300'/,
    ],
    [
      'a health check that takes errors of the server',
      group({ Matcher: { HttpCode: '200-599' } }),
      /must be within '200-499'/,
    ],
    ['a health check without a slash', group({ HealthCheckPath: 'healthz' }), /must begin with/],
    [
      'a target group that starts too slowly',
      group({ TargetGroupAttributes: [{ Key: 'slow_start.duration_seconds', Value: '10' }] }),
      /between '30' and '900'/,
    ],
    [
      'a bucket with a name of upper case',
      { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'Made' } },
      /bucket is not valid|BucketName/,
    ],
    [
      'a bucket that is named like an address',
      { Type: 'AWS::S3::Bucket', Properties: { BucketName: '10.0.0.1' } },
      /bucket is not valid|BucketName/,
    ],
    [
      'a registry that is copied to itself',
      {
        Type: 'AWS::ECR::ReplicationConfiguration',
        Properties: {
          ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: REGION, RegistryId: ACCOUNT }] }] },
        },
      },
      /not replicated to itself/,
    ],
  ])('%s', async (title, Made, reason) => {
    expect(await failureOf(title, { Made })).toMatch(reason);
  });

  it.each<[string, object, RegExp]>([
    ['another bucket’s objects', { Resource: 'arn:aws:s3:::made-bucket-2/*' }, /Policy has invalid resource/],
    ['an action of another service', { Action: 'kms:Sign' }, /Policy has invalid action/],
    [
      'an action on objects with the bucket alone',
      { Resource: 'arn:aws:s3:::made-bucket' },
      /Action does not apply to any resource/,
    ],
    [
      'a role that is not there',
      { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` } },
      /Invalid principal in policy/,
    ],
    [
      'a key of a condition without a service',
      { Condition: { Bool: { SecureTransport: 'false' } } },
      /invalid condition key/,
    ],
    [
      'everybody, while public policies are blocked',
      { Principal: '*' },
      /prevented by the BlockPublicPolicy setting/,
    ],
    [
      'everybody at any address',
      { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } },
      /BlockPublicPolicy/,
    ],
  ])('a bucket policy with %s', async (title, statement, reason) => {
    expect(await failureOf(title, bucketPolicy(statement))).toMatch(reason);
  });
});

it('a stack does not delete a role that somebody gave more', async () => {
  await stage.plan(
    'given',
    { Resources: { Made: role({ RoleName: 'given' }) } },
    { ChangeSetType: 'CREATE', ...IAM },
  );
  await stage.execute('given');
  const { roles } = iamOf(stage.aws.world, ACCOUNT);
  const made = roles['given'];
  if (!made) throw new Error('it was made');
  roles['given'] = { ...made, policies: { more: { Version: '2012-10-17', Statement: [] } } };
  await stage.plan('given', { Resources: { Other: managed(policy(READ)) } }, IAM);
  await stage.execute('given');
  expect((await stage.events('given')).join('\n')).toMatch(/Made DELETE_FAILED.*must delete policies first/);
});

/** Why a stack could not be made. */
async function failureOf(title: string, Resources: object): Promise<string> {
  const name = title.replace(/[^a-z]+/g, '-');
  await stage.plan(name, { Resources }, { ChangeSetType: 'CREATE', ...IAM });
  const { StackStatus } = await stage.execute(name);
  expect(StackStatus).toMatch(/ROLLBACK_COMPLETE|ROLLBACK_FAILED/);
  return (await stage.events(name)).filter((event) => event.includes('Made CREATE_FAILED')).join('\n');
}
