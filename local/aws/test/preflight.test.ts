import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { BatchGetImageCommand, DescribeImageReplicationStatusCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ec2Of } from '../src/services/ec2.ts';
import { replicationOf, seedBaseImages } from '../src/services/ecr.ts';
import { deleteSecret } from '../src/services/secretsmanager.ts';
import { seedParameter } from '../src/services/ssm.ts';
import { ACME, REGION, refusal, type Stage, stage } from './acme.ts';

let on: Stage;
let secrets: SecretsManagerClient;
let ssm: SSMClient;
beforeAll(async () => {
  on = await stage({ scale: 600 });
  secrets = new SecretsManagerClient(on.as(on.acme));
  ssm = new SSMClient(on.as(on.acme));
});
afterAll(() => on.close());

const SECRET = 'td/prod/orders/database';
const PARAMETER = '/td/prod/orders/api-key';

/** Asks until it holds; Jest's own limit ends it when it never does. */
async function eventually(held: () => Promise<boolean>): Promise<void> {
  while (!(await held())) await on.aws.clock.sleep(5_000);
}

describe('what a preflight asks of a contracted service', () => {
  it('is there: roles that tasks may take, whose trust AWS sends encoded', async () => {
    const ecs = new ECSClient(on.as(on.acme));
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'acme-prod-orders' }),
    );
    const iam = new IAMClient(on.as(on.acme));
    for (const arn of [taskDefinition?.taskRoleArn, taskDefinition?.executionRoleArn]) {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: arn?.split('/').at(-1) }));
      expect(Role?.Arn).toBe(arn);
      expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B/);
      const { Statement } = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
      expect(Statement[0].Principal).toEqual({ Service: 'ecs-tasks.amazonaws.com' });
    }
  });

  it('says that a secret exists, which of its versions is current and whether it is to be deleted, never its value', async () => {
    const describeSecret = async (SecretId: string) => secrets.send(new DescribeSecretCommand({ SecretId }));
    const seen = await describeSecret(SECRET);
    expect(seen.Name).toBe(SECRET);
    expect(seen.Tags).toContainEqual({ Key: 'tenant', Value: 'acme' });
    expect(Object.values(seen.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
    expect(seen.DeletedDate).toBeUndefined();
    expect(JSON.stringify(seen)).not.toContain('not-a-secret');
    expect((await describeSecret(seen.ARN?.slice(0, -7) ?? '')).Name).toBe(SECRET);
    deleteSecret(on.aws.world, ACME, REGION, SECRET);
    expect((await describeSecret(SECRET)).DeletedDate).toBeInstanceOf(Date);
    expect(await refusal(describeSecret('nothing'))).toMatchObject({ name: 'ResourceNotFoundException' });
    const other = new SecretsManagerClient(on.as(on.globex));
    expect(await refusal(other.send(new DescribeSecretCommand({ SecretId: seen.ARN })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('finds parameters by name without their values, and keeps an encrypted value encrypted', async () => {
    seedParameter(on.aws.world, ACME, REGION, {
      name: '/td/prod/orders/level',
      value: 'info',
      type: 'String',
    });
    const { Parameters } = await ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [PARAMETER, '/nothing'] }] }),
    );
    expect(Parameters).toMatchObject([{ Name: PARAMETER, Type: 'SecureString', Version: 1 }]);
    const page = await ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/td'] }],
        MaxResults: 1,
      }),
    );
    expect(page).toMatchObject({ Parameters: [{ Name: PARAMETER }], NextToken: expect.any(String) });
    const got = await ssm.send(
      new GetParametersCommand({ Names: [PARAMETER, '/td/prod/orders/level', '/nothing'] }),
    );
    expect(got.InvalidParameters).toEqual(['/nothing']);
    expect(got.Parameters).toMatchObject([{ Name: PARAMETER }, { Value: 'info' }]);
    expect(JSON.stringify(got)).not.toContain('not-a-key');
    const decrypt = ssm.send(new GetParametersCommand({ Names: [PARAMETER], WithDecryption: true }));
    expect(await refusal(decrypt)).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('counts the addresses that a subnet has left, those of tasks and of others', async () => {
    const ec2 = new EC2Client(on.as(on.acme));
    const left = async () => {
      const SubnetIds = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002', 'subnet-0acme0edge0000001'];
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
      return Subnets?.map(({ AvailableIpAddressCount }) => AvailableIpAddressCount);
    };
    const ecs = new ECSClient(on.as(on.acme));
    await eventually(async () => {
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
      );
      return services?.[0]?.runningCount === 2;
    });
    expect(await left()).toEqual([250, 250, 251]);
    const subnet = ec2Of(on.aws.world, ACME, REGION).subnets['subnet-0acme00app0000001'];
    if (subnet) subnet.heldByOthers = 249;
    expect(await left()).toEqual([1, 250, 251]);
  });

  it('tells how far an image has come to the other region, and has it there when it says so', async () => {
    const replication = replicationOf(on.aws.world, ACME, 'eu-central-1');
    replication.regions.push('eu-north-1', 'us-east-1');
    replication.failures['us-east-1'] = 'RegistryNotFound';
    const { current } = await seedBaseImages(on.aws.world, ACME, 'eu-central-1');
    const from = new ECRClient({ ...on.as(on.acme), region: 'eu-central-1' });
    const status = async () => {
      const { replicationStatuses } = await from.send(
        new DescribeImageReplicationStatusCommand({
          repositoryName: 'base/node',
          imageId: { imageDigest: current },
        }),
      );
      return replicationStatuses?.map(({ region, status }) => `${region} ${status}`);
    };
    expect(await status()).toEqual(['eu-north-1 IN_PROGRESS', 'us-east-1 FAILED']);
    await eventually(async () => (await status())?.[0] === 'eu-north-1 COMPLETE');
    const there = new ECRClient({ ...on.as(on.acme), region: 'eu-north-1' });
    const { images } = await there.send(
      new BatchGetImageCommand({ repositoryName: 'base/node', imageIds: [{ imageTag: '24' }] }),
    );
    expect(images).toMatchObject([{ imageId: { imageDigest: current } }]);
  });
});
