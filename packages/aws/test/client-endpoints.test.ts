import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRegistryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListServicesCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { Inspector2Client, ListCoverageCommand } from '@aws-sdk/client-inspector2';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { partition } from '@aws-sdk/core/client';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { PARTITIONS, partitionOf } from '@tenant-delivery/domain';
import { type ClientConfig, clientConfig } from '../src/session/client-config.ts';

const KEYS = { accessKeyId: 'AKIAOFTHEROLE', secretAccessKey: 'not-a-secret' };

/** One question to each service that we ask, by the name that it has in its hosts. */
const ASK = {
  'application-autoscaling': (config: ClientConfig) =>
    new ApplicationAutoScalingClient(config).send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }),
    ),
  cloudtrail: (config: ClientConfig) => new CloudTrailClient(config).send(new LookupEventsCommand({})),
  monitoring: (config: ClientConfig) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({})),
  logs: (config: ClientConfig) =>
    new CloudWatchLogsClient(config).send(new GetLogEventsCommand({ logStreamName: 's' })),
  ec2: (config: ClientConfig) => new EC2Client(config).send(new DescribeSubnetsCommand({})),
  'api.ecr': (config: ClientConfig) => new ECRClient(config).send(new DescribeRegistryCommand({})),
  ecs: (config: ClientConfig) => new ECSClient(config).send(new ListServicesCommand({})),
  elasticloadbalancing: (config: ClientConfig) =>
    new ElasticLoadBalancingV2Client(config).send(new DescribeLoadBalancersCommand({})),
  iam: (config: ClientConfig) => new IAMClient(config).send(new GetRoleCommand({ RoleName: 'r' })),
  inspector2: (config: ClientConfig) => new Inspector2Client(config).send(new ListCoverageCommand({})),
  kms: (config: ClientConfig) => new KMSClient(config).send(new GetPublicKeyCommand({ KeyId: 'k' })),
  s3: (config: ClientConfig) =>
    new S3Client(config).send(new GetObjectCommand({ Bucket: 'vault', Key: 'k' })),
  secretsmanager: (config: ClientConfig) =>
    new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: 's' })),
  ssm: (config: ClientConfig) => new SSMClient(config).send(new DescribeParametersCommand({})),
  sts: (config: ClientConfig) => new STSClient(config).send(new GetCallerIdentityCommand({})),
} as const;

type Service = keyof typeof ASK;
const SERVICES = Object.keys(ASK) as Service[]; // its own keys

const folder = mkdtempSync(join(tmpdir(), 'client-endpoints-'));
const before = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Where a job would send its question to a service of a region, and whose key would sign it. */
async function sent(
  service: Service,
  region: string,
): Promise<{ readonly host: string; readonly signed: string }> {
  let seen = { host: '', signed: '' };
  const config = clientConfig({ region, local: false, scale: 1, userAgent: 'td/test' }, KEYS, 1);
  const handle = async ({ hostname, headers }: { hostname: string; headers: Record<string, string> }) => {
    seen = { host: hostname, signed: headers['authorization'] ?? '' };
    throw new Error('not sent');
  };
  const requestHandler = { ...config.requestHandler, handle }; // a handler of its own, which sends nothing
  await expect(ASK[service]({ ...config, requestHandler })).rejects.toThrow('not sent');
  return seen;
}

const hosts = (region: string) =>
  Promise.all(SERVICES.map(async (service) => (await sent(service, region)).host));

test.each([
  ['aws', 'eu-west-1', 'amazonaws.com', 'iam.amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn', 'iam.cn-north-1.amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com', 'iam.us-gov.amazonaws.com'],
  ['aws-eusc', 'eusc-de-east-1', 'amazonaws.eu', 'iam.eusc-de-east-1.amazonaws.eu'],
  ['aws-iso', 'us-iso-east-1', 'c2s.ic.gov', 'iam.us-iso-east-1.c2s.ic.gov'],
  ['aws-iso-b', 'us-isob-east-1', 'sc2s.sgov.gov', 'iam.us-isob-east-1.sc2s.sgov.gov'],
  ['aws-iso-e', 'eu-isoe-west-1', 'cloud.adc-e.uk', 'iam.eu-isoe-west-1.cloud.adc-e.uk'],
  ['aws-iso-f', 'us-isof-south-1', 'csp.hci.ic.gov', 'iam.us-isof-south-1.csp.hci.ic.gov'],
])('every service is asked in its own partition: %s', async (name, region, suffix, iam) => {
  const known = partition(region);
  expect([known.name, known.dnsSuffix]).toEqual([name, suffix]);
  expect(partitionOf(region)).toBe(name);
  expect(PARTITIONS[partitionOf(region)].domain).toBe(suffix);
  const regional = (service: Service) => `${service === 's3' ? 'vault.s3' : service}.${region}.${suffix}`;
  expect(await hosts(region)).toEqual(
    SERVICES.map((service) => (service === 'iam' ? iam : regional(service))),
  );
});

const FIPS = SERVICES.map((service) =>
  service === 'iam'
    ? 'iam-fips.amazonaws.com'
    : `${service === 's3' ? 'vault.s3' : service}-fips.us-east-1.amazonaws.com`,
);
/** Secrets Manager and S3 have both stacks under names of their own. */
const dual = (fips: '' | '-fips') =>
  SERVICES.map((service) => {
    if (service === 'iam') return `iam${fips}.global.api.aws`;
    if (service === 's3') return `vault.s3${fips}.dualstack.us-east-1.amazonaws.com`;
    if (service === 'secretsmanager') return `secretsmanager${fips}.us-east-1.amazonaws.com`;
    return `${service.replace('api.', '')}${fips}.us-east-1.api.aws`;
  });

test.each([
  ['FIPS', { fips: true }, FIPS],
  ['both stacks', { dualstack: true }, dual('')],
  ['FIPS and both stacks', { fips: true, dualstack: true }, dual('-fips')],
])('a runner that asks for %s gets it, by its environment or by its profile', async (_, asked, expected) => {
  for (const name of Object.keys(asked)) process.env[`AWS_USE_${name.toUpperCase()}_ENDPOINT`] = 'true';
  expect(await hosts('us-east-1')).toEqual(expected);
  for (const name of Object.keys(asked)) delete process.env[`AWS_USE_${name.toUpperCase()}_ENDPOINT`];
  withProfile(Object.keys(asked).map((name) => `use_${name}_endpoint = true`));
  expect(await hosts('us-east-1')).toEqual(expected);
});

test("a runner's own files and environment lead no request elsewhere, and lend it no key", async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAOFTHEJOB', AWS_SECRET_ACCESS_KEY: 's' });
  process.env['AWS_ENDPOINT_URL'] = 'https://elsewhere.example.org';
  withProfile([
    'endpoint_url = https://elsewhere.example.org',
    'region = us-west-2',
    'aws_access_key_id = AKIAOFAFILE',
    'aws_secret_access_key = s',
    'defaults_mode = auto',
    'sigv4a_signing_region_set = *',
    'auth_scheme_preference = sigv4a',
  ]);
  for (const service of SERVICES) {
    const { host, signed } = await sent(service, 'eu-west-1');
    expect(host).toMatch(/\.amazonaws\.com$/);
    expect(signed).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAOFTHEROLE\/\d{8}\/(eu-west-1|us-east-1)\//);
  }
});

/** A profile of this machine with these settings, in a file of its own: the SDK reads each file once. */
function withProfile(settings: readonly string[]): void {
  const file = join(folder, `${Math.random()}`);
  writeFileSync(file, ['[profile hardened]', ...settings, ''].join('\n'));
  process.env['AWS_CONFIG_FILE'] = file;
  process.env['AWS_PROFILE'] = 'hardened';
}
