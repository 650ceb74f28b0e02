import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeByHand } from '@tenant-delivery/cli/demo/close-by-hand';
import { provisioningOn, UMBRELLA } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { errorsOf, openStage } from '../stage/stage.ts';

let stage: Stage;
let on: ReturnType<typeof provisioningOn>;
let contract: TenantContract;

beforeAll(async () => {
  stage = await openStage({ scale: 120, contracts: [], empty: [umbrellaContract()] });
  on = provisioningOn(stage);
}, 60_000);
afterAll(() => stage?.platform.close());

/** The states of a change that people approved and that went well. */
const WHOLE = ['proposed', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];

const BOTH_SIDES = {
  'withdraw / withdraw / second': 'sre-lou',
  'withdraw / withdraw / approve': 'lead-eli',
};

/** The run with what it printed, so that a failure says why. */
function told({ result, outcome }: Delivery) {
  return { outcome, conclusion: result.conclusion, errors: errorsOf(result) };
}

describe('a tenant whose account has only what its administrator applied', () => {
  it('records the foundation that is there, guards it, and finds it unchanged from then on', async () => {
    const run = await on.provision('foundation');
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(await on.states('foundation', run.change)).toEqual(WHOLE);
    const again = await on.provision('foundation');
    expect(told(again)).toEqual({ outcome: 'unchanged', conclusion: 'success', errors: [] });
    expect(await on.states('foundation', again.change)).toEqual(['proposed', 'gated', 'unchanged']);
  });

  it('gets its network by a plan that people approve', async () => {
    const run = await on.provision('network');
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(await on.states('network', run.change)).toEqual(WHOLE);
  });

  it('gets its services once the contract says what came of the network', async () => {
    contract = await stage.platform.complete(on.contract);
    expect(contract.serial).toBe(2);
    expect(contract.environments['prod']?.vpc.id).toMatch(/^vpc-/);
    // the deploy role names the subnets, which are known now
    const roles = await on.provision('foundation');
    expect(told(roles)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    const run = await on.provision('services');
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    expect(await on.states('services', run.change)).toEqual(WHOLE);
  });

  it('is delivered to for the first time, as every other tenant is', async () => {
    const run = await stage.run({
      repository: 'umbrella/shop',
      workflow: '.github/workflows/deliver.yml',
      ref: 'refs/heads/main',
      event: 'push',
      actor: 'dev-ana',
      approveAs: 'lead-eli',
    });
    expect(told(run)).toEqual({ outcome: 'closed', conclusion: 'success', errors: [] });
    const balancer = `${stage.platform.aws.url}/_local/balancers/${UMBRELLA.account}/umbrella-prod-internal`;
    expect(await (await fetch(balancer)).text()).toContain('"version":');
  });

  it('opens a port of its layer matrix as a planned change of one rule', async () => {
    contract = withPort(contract, '8443');
    await stage.platform.publish(contract);
    const run = await on.provision('network');
    expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
    const plan = JSON.stringify(await on.document('network', run.change, 'plan'));
    expect(plan).toContain('8443');
    expect(plan).not.toContain('"replace"');
  });

  it('is found as it was approved, until somebody takes a rule away by hand; an issue says which', async () => {
    const before = await on.start('drift', {});
    expect(told(before)).toMatchObject({ outcome: 'clean', conclusion: 'success' });
    expect(repositoryNamed(stage.platform.github.world, contract.operations.repository).issues).toEqual([]);
    await closeByHand(stage.platform, on.operator, contract, 8443);
    const after = await on.start('drift', {});
    expect(after.outcome).toBe('drifted');
    const [issue] = repositoryNamed(stage.platform.github.world, contract.operations.repository).issues;
    expect(issue?.title).toContain('umbrella');
    expect(issue?.body).toMatch(/EdgeToAppTcp8443In of td-umbrella-prod-network .* was deleted/);
    expect(issue?.body).toContain('### prod/services');
  });

  it('is taken away after both sides said so, and keeps what the record needs', async () => {
    for (const part of ['services', 'network'] as const) {
      const run = await on.start(
        'withdraw',
        { part, reason: 'The tenant leaves' },
        { approveAs: BOTH_SIDES },
      );
      expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
      expect(await on.states(part, run.change)).toEqual(WHOLE);
    }
  });
});

/** The next serial, in which the edge reaches the application at one more port. */
function withPort(from: TenantContract, port: string): TenantContract {
  const next = structuredClone(from);
  const [edge] = next.environments['prod']?.layerEdges ?? [];
  edge?.ports.push(port);
  return { ...next, serial: from.serial + 1 };
}
