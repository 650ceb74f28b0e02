import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { provisioningOn, UMBRELLA } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { vpnsOf } from '@tenant-delivery/local-aws/ec2/vpn-state';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { errorsOf, logOf, openStage } from '../stage/stage.ts';

let stage: Stage;
let on: ReturnType<typeof provisioningOn>;

beforeAll(async () => {
  stage = await openStage({ scale: 240, contracts: [], empty: [withLink(umbrellaContract())] });
  on = provisioningOn(stage);
}, 60_000);
afterAll(() => stage?.platform.close());

/** The tenant's premises, behind a gateway that the customer has not set up yet. */
function withLink(contract: TenantContract): TenantContract {
  const { prod } = contract.environments;
  if (!prod?.network) throw new Error('umbrella asks for a network');
  const hq = { peer: '203.0.113.10', asn: 65_010, routing: 'bgp' as const, cidrs: ['192.168.0.0/16'] };
  const layerEdges = [
    ...prod.layerEdges,
    { from: 'hq', to: 'edge', ports: ['443'], protocol: 'tcp' as const },
  ];
  const network = { ...prod.network, links: { hq } };
  return { ...contract, environments: { prod: { ...prod, layerEdges, network } } };
}

function told({ result, outcome }: Delivery) {
  return { outcome, conclusion: result.conclusion, errors: errorsOf(result) };
}

let change: string;

it('leaves a network open whose tunnels are down, and says what the customer has to do', async () => {
  expect((await on.provision('foundation')).outcome).toBe('applied');
  const run = await on.provision('network');
  change = run.change;
  expect(told(run)).toEqual({ outcome: 'unverified', conclusion: 'success', errors: [] });
  expect((await on.states('network', change)).at(-1)).toBe('deploying');
  expect(logOf(run.result)).toContain('Have the customer set up their gateway');
  expect(logOf(run.result)).toContain('verify-provision.yml');
});

it('still has it open when the door looks before the customer is ready', async () => {
  const run = await on.start('verify-provision', {});
  expect(told(run)).toEqual({ outcome: 'unverified', conclusion: 'success', errors: [] });
  expect(run.change).toBe(change);
});

it('closes it by the door once a tunnel is up, without anybody’s approval', async () => {
  const { world } = stage.platform.aws;
  const [vpn] = Object.values(vpnsOf(world, UMBRELLA.account, UMBRELLA.region));
  const [tunnel] = vpn?.tunnels ?? [];
  Object.assign(tunnel ?? {}, { customerKey: tunnel?.preSharedKey, changedAt: world.clock.now() }); // the customer's device has its key
  await world.clock.sleep(10 * 60_000);
  const run = await on.start('verify-provision', { change });
  expect(told(run)).toEqual({ outcome: 'verified', conclusion: 'success', errors: [] });
  expect((await on.states('network', change)).slice(-2)).toEqual(['verified', 'closed']);
  expect((await on.start('verify-provision', {})).outcome).toBe('nothing-to-do');
});

it('is compared with its links every night, which a role that only looks may do where a contract has some', async () => {
  const run = await on.start('drift', {});
  expect(logOf(run.result)).toContain('network of umbrella/prod is as it was approved.');
});
