import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { differences } from '@tenant-delivery/tenancy/contract-differences';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { command } from '../witnesses/command.ts';

const CLI = join(root, 'packages/cli/src/main.ts');

let platform: LocalPlatform;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'observed-'));
  platform = await startLocalPlatform({ environments: ['prod', 'staging'], scale: 120 });
});
afterAll(async () => {
  await platform?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every environment that local-aws seeds. */
const SEEDED = [
  ['acme', 'prod'],
  ['acme', 'staging'],
  ['globex', 'prod'],
] as const;

function tenantNamed(tenant: string) {
  const found = platform.tenants[tenant];
  if (!found) throw new Error(`${tenant} was not set up`);
  return found;
}

/** What the command printed, and the draft that it wrote. */
async function observed(tenant: string, environment: string, out: string) {
  const { operator, contract } = tenantNamed(tenant);
  const { region = '', cluster = '' } = contract.environments[environment] ?? {};
  const node = command(process.execPath, folder, {
    AWS_ENDPOINT_URL: platform.aws.url,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
  });
  const words = { tenant, environment, region, cluster, out };
  const said = await node([
    CLI,
    'observe-tenant',
    ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
  const text = readFileSync(join(folder, out), 'utf8');
  const read = readYaml(text, TenantContract);
  if (!('document' in read)) throw new Error(read.mistakes.join('\n'));
  const unseen = [...said.matchAll(/^ {2}([\w.-]+): /gm)].map(([, place = '']) => place);
  return { said, text, draft: read.document, unseen };
}

describe('a draft differs from the contract in nothing that can be observed', () => {
  test.each(SEEDED)('%s %s', async (tenant, environment) => {
    const { contract } = tenantNamed(tenant);
    const { draft, unseen } = await observed(tenant, environment, `${tenant}-${environment}.yaml`);
    const only = { ...contract, environments: { [environment]: contract.environments[environment] } };
    const places = differences(only, draft).map(({ path }) => path.join('.'));
    const covered = (place: string) => unseen.some((open) => place === open || place.startsWith(`${open}.`));
    expect(places.filter((place) => !covered(place))).toEqual([]);
  });
});

test('what was not seen is marked in the file, and listed with its reason', async () => {
  const { text, said, unseen } = await observed('globex', 'prod', 'marked.yaml');
  expect(text).toMatch(/tier: WRITE # not seen: it is agreed by people/);
  expect(said).toMatch(/ {2}environments\.prod\.scanFloor: it is agreed by people/);
  expect(unseen).not.toEqual(expect.arrayContaining(['releases', 'environments.prod.vpc']));
});

test('what AWS denied is listed with its word, and the rest is drafted', async () => {
  platform.aws.fail({ service: 'ec2', operation: 'DescribeSubnets', nth: 1, times: 100, kind: 'denied' });
  const { said, draft } = await observed('acme', 'prod', 'denied.yaml').finally(() => platform.aws.mend());
  expect(said).toMatch(/environments\.prod\.layers: AWS denied ec2:DescribeSubnets/);
  expect(draft.environments['prod']?.loadBalancer.name).toBe('acme-prod-internal');
});

test('a service of others is left out by its tag, and a sidecar is not taken for the service', async () => {
  const { operator, contract } = tenantNamed('globex');
  const { subnets, securityGroups } = contract.environments['prod']?.layers['app'] ?? {};
  const ecs = new ECSClient({ region: 'eu-west-1', endpoint: platform.aws.url, credentials: operator });
  const container = (name: string, image: string) => ({
    ...{ name, image, essential: true },
    logConfiguration: {
      logDriver: 'awslogs' as const,
      options: {
        'awslogs-group': `/of/${name}`,
        'awslogs-region': 'eu-west-1',
        'awslogs-stream-prefix': 'of',
      },
    },
  });
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family: 'Cron_Legacy', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      ...{ cpu: '256', memory: '512' },
      executionRoleArn: 'arn:aws:iam::000033334444:role/globex-prod-billing-execution',
      containerDefinitions: [container('envoy', 'docker.io/envoy:1'), container('cron', 'docker.io/cron:1')],
    }),
  );
  const create = (serviceName: string, tags: { key: string; value: string }[]) =>
    ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'globex-prod', serviceName, taskDefinition: 'Cron_Legacy', desiredCount: 0, tags },
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: { subnets, securityGroups },
        },
      }),
    );
  await create('cron', []);
  await create('theirs', [{ key: 'tenant-delivery:contract', value: 'initech/prod' }]);
  await platform.aws.clock.sleep(2 * 60_000); // ECS tells of a new service a little later
  const { said, draft } = await observed('globex', 'prod', 'others.yaml');
  expect(said).toContain(
    'environments.prod.services.theirs: it is left out: its tag tenant-delivery:contract says initech/prod',
  );
  const { services } = draft.environments['prod'] ?? {};
  expect(Object.keys(services ?? {}).sort()).toEqual(['billing', 'cron']);
  expect(services?.['cron']).toMatchObject({ container: 'cron', logGroup: '/of/cron' });
  expect(said).toContain('environments.prod.services.cron.repository: its image is not in a repository');
});

test('it writes over no file', async () => {
  await observed('acme', 'staging', 'once.yaml');
  await expect(observed('acme', 'staging', 'once.yaml')).rejects.toThrow('once.yaml is there already');
});
