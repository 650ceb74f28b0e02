import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  platform = await startLocalPlatform({ environments: ['prod', 'staging'] });
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

test('it writes over no file', async () => {
  await observed('acme', 'staging', 'once.yaml');
  await expect(observed('acme', 'staging', 'once.yaml')).rejects.toThrow('once.yaml is there already');
});
