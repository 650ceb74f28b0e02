import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { type ChangeEvent, exportChange, loadChange, verifyEvidence } from '@tenant-delivery/evidence';
import { errorsOf, ORDERS, openStage, pushed } from './stage.ts';

const { service, tenant, account, region } = ORDERS;
const PLACE = { tenant, service };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60, environments: ['prod', 'staging'] });
}, 60_000);
afterAll(() => stage.platform.close());

function vaultOf(environment: string) {
  const vault = stage.platform.tenants[tenant]?.vault(environment);
  if (!vault) throw new Error('acme is on the stage');
  return vault;
}

const eventsOf = (
  environment: string,
  { change }: Pick<Delivery, 'change'>,
): Promise<readonly ChangeEvent[]> =>
  loadChange(vaultOf(environment), stage.platform.trust, { ...PLACE, environment }, change);
const statesOf = (events: readonly ChangeEvent[]) => events.map(({ transition }) => transition.to);

const deliverToStaging = () =>
  stage.run({
    repository: 'acme/orders',
    workflow: '.github/workflows/staging.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    actor: 'dev-ana',
    approveAs: 'lead-ben',
  });

/** Started by an SRE in the operations repository, approved by the customer's lead. */
const promote = () =>
  stage.run({
    repository: stage.platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/promote.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment: 'prod', account, region, service },
    actor: 'sre-kim',
    approveAs: 'lead-ben',
  });

it('nothing is promoted before anything was verified in staging', async () => {
  const { outcome, change, result } = await promote();
  expect([outcome, change]).toEqual(['refused', '']);
  expect(errorsOf(result)).toMatchObject([
    { title: 'PROMOTION_UNVERIFIED', message: expect.stringContaining('nothing was delivered there yet') },
  ]);
  expect(stage.effects('ecs', 'UpdateService')).toBe(0);
}, 30_000);

describe('a version that was verified in staging', () => {
  let there: Delivery;
  let here: Delivery;
  let images: readonly string[];
  beforeAll(async () => {
    there = await deliverToStaging();
    images = pushed(stage.platform);
    here = await promote();
  }, 60_000);

  it('reaches production by its digest: judged again, approved there, deployed and verified', async () => {
    expect(errorsOf(there.result).concat(errorsOf(here.result))).toEqual([]);
    expect([there.outcome, here.outcome]).toEqual(['closed', 'closed']);
    const [before, after] = [await eventsOf('staging', there), await eventsOf('prod', here)];
    expect(statesOf(after)).toEqual([
      'proposed',
      'gated',
      'planned',
      'approved',
      'deploying',
      'verified',
      'closed',
    ]);
    expect(after.at(-1)?.subject).toEqual(before.at(-1)?.subject);
    expect(after.find(({ transition }) => transition.to === 'approved')?.actor.login).toBe('lead-ben');
  });

  it('was not built, pushed or copied again', () => {
    expect(pushed(stage.platform)).toEqual(images);
    expect(here.result.jobs.map(({ id }) => id.split('/').at(-1))).toEqual([
      'propose',
      'approve',
      'deploy',
      'settle',
    ]);
  });

  it('brings its whole record along: production’s vault alone proves both', async () => {
    const prod = vaultOf('prod');
    const own = verifyEvidence(
      await exportChange(prod, { ...PLACE, environment: 'prod' }, here.change),
      stage.platform.trust,
    );
    expect(own).toMatchObject({ holds: true, problems: [] });
    const [proposed] = await eventsOf('prod', here);
    const copied = proposed?.evidence.find(({ name }) => name === 'source-record')?.digest.sha256;
    const stored = await prod.read(`objects/sha256/${copied}`);
    const record = verifyEvidence(Buffer.from(stored?.bytes ?? []).toString(), stage.platform.trust);
    expect(record).toMatchObject({
      holds: true,
      changes: [{ id: there.change, environment: 'staging', state: 'closed' }],
    });
  });
});
