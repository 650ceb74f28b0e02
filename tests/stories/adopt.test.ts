import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provisioningOn } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { templateContracts } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { changesIn, errorsOf, logOf, openStage } from '../stage/stage.ts';
import { command } from '../witnesses/command.ts';

const CLI = join(root, 'packages/cli/src/main.ts');

/** Every environment that local-aws seeds, with somebody who may approve there. */
const SEEDED = [
  { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1', lead: 'lead-ben' },
  { tenant: 'acme', environment: 'staging', account: '000011112222', region: 'eu-west-1', lead: 'lead-ben' },
  { tenant: 'globex', environment: 'prod', account: '000033334444', region: 'eu-west-1', lead: 'lead-cam' },
] as const;

const WHOLE = ['proposed', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];

let stage: Stage;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adopted-'));
  stage = await openStage({ scale: 120, contracts: templateContracts(['prod', 'staging']) });
}, 60_000);
afterAll(async () => {
  await stage?.platform.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The run with what it printed, so that a failure says why. */
function told({ result, outcome }: Delivery) {
  return { outcome, conclusion: result.conclusion, errors: errorsOf(result) };
}

/** What observe-tenant drafts of an environment. */
async function drafted(tenant: string, environment: string) {
  const { operator, contract } = stage.platform.tenants[tenant] ?? missing();
  const { region = '', cluster = '' } = contract.environments[environment] ?? {};
  const out = `${tenant}-${environment}.yaml`;
  const node = command(process.execPath, folder, {
    AWS_ENDPOINT_URL: stage.platform.aws.url,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
  });
  const words = { tenant, environment, region, cluster, out };
  await node([
    CLI,
    'observe-tenant',
    ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
  const read = readYaml(readFileSync(join(folder, out), 'utf8'), TenantContract);
  if (!('document' in read)) throw new Error(read.mistakes.join('\n'));
  return read.document.environments[environment] ?? missing();
}

/** The next serial of each tenant: what was drafted of its environments, with what people agreed on, adopted. */
async function publishAdopted(): Promise<void> {
  for (const [tenant, { contract }] of Object.entries(stage.platform.tenants)) {
    const environments = await Promise.all(
      Object.entries(contract.environments).map(async ([name, agreed]) => {
        const { region, vpc, layers, cluster, loadBalancer, services } = await drafted(tenant, name);
        const seen = { region, vpc, layers, cluster, loadBalancer, services };
        return [name, { ...agreed, ...seen, adopt: true as const }] as const;
      }),
    );
    await stage.platform.publish({
      ...contract,
      serial: contract.serial + 1,
      environments: Object.fromEntries(environments),
    });
  }
}

const planOf = async (on: ReturnType<typeof provisioningOn>, part: 'network' | 'services', change: string) =>
  (await on.document(part, change, 'plan')) as unknown as StackPlan; // by its schema, when it was written

/** The seeds have no stack of the administrator, so the foundation is another matter. */
async function expectNoDrift(
  on: ReturnType<typeof provisioningOn>,
  { tenant, environment }: { readonly tenant: string; readonly environment: string },
) {
  const said = logOf((await on.start('drift', {})).result);
  expect(said).toContain(`network of ${tenant}/${environment} is as it was approved.`);
  expect(said).toContain(`services of ${tenant}/${environment} is as it was approved.`);
}

function missing(): never {
  throw new Error('it is not on the stage');
}

describe('environments that were there before their stacks', () => {
  it(
    'are drafted, and the draft is published as their next contract, with `adopt: true`',
    publishAdopted,
    60_000,
  );

  it.each(SEEDED)('are taken in as they are: $tenant $environment', async ({ lead, ...place }) => {
    const on = provisioningOn(stage, 'sre-kim', place, lead);
    for (const part of ['network', 'services'] as const) {
      const from = stage.platform.aws.calls.length;
      const run = await on.provision(part);
      expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
      expect(await on.states(part, run.change)).toEqual(WHOLE);
      const { stacks } = await planOf(on, part, run.change);
      expect(stacks.map(({ action }) => action)).toEqual(stacks.map(() => 'import'));
      expect(stacks.flatMap(({ changes }) => changes.map(({ action }) => action))).not.toContain('add');
      // nothing but stacks was changed at AWS
      expect(
        changesIn(stage.platform.aws.calls.slice(from)).filter((call) => !call.startsWith('cloudformation:')),
      ).toEqual([]);
      const again = await on.provision(part);
      expect(told(again)).toEqual({ outcome: 'unchanged', conclusion: 'success', errors: [] });
    }
    await expectNoDrift(on, place);
  });

  it('are delivered to as before, and are not drifted by that', async () => {
    const run = await stage.deliver();
    expect(told(run)).toEqual({ outcome: 'closed', conclusion: 'success', errors: [] });
    const { lead, ...place } = SEEDED[0];
    const on = provisioningOn(stage, 'sre-kim', place, lead);
    await expectNoDrift(on, place);
    expect(told(await on.provision('services'))).toMatchObject({ outcome: 'unchanged' });
  });
});
