import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { exportEvidence } from '@tenant-delivery/delivery/export-evidence';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { loadChange } from '@tenant-delivery/evidence/record';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { templateContracts } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { beginRun, expectRefused, succeeded } from '../stage/played-run.ts';
import { errorsOf, ORDERS, openStage, pushed } from '../stage/stage.ts';

const { service, tenant, account, region } = ORDERS;
const PLACE = { tenant, service };

const ELSEWHERE = 'eu-central-1';

/** acme with its staging, and an environment in another region that recovers production. */
function contracts(): readonly TenantContract[] {
  return templateContracts(['prod', 'staging']).flatMap((contract) => {
    const { prod } = contract.environments;
    if (contract.id !== 'acme' || !prod) return [];
    const other = (text: string) =>
      text.replaceAll('acme-prod', 'acme-recovery').replaceAll('/prod/', '/recovery/');
    const { promotion: _, ...recovery } = JSON.parse(
      other(JSON.stringify(prod)).replaceAll('euw1', 'euc1').replaceAll('0acme0', '0acme2'),
    ) as typeof prod; // the same members, other names
    return {
      ...contract,
      environments: {
        ...contract.environments,
        recovery: { ...recovery, region: ELSEWHERE, dr: { recovers: 'prod', rtoMinutes: 60 } },
      },
    };
  });
}

let stage: Stage;
beforeAll(async () => {
  // its keys are in its contracts alone: those of staging in production's too, which verifies the copied record
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts: contracts(), inTrustFile: [] });
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

async function deliverToStaging(): Promise<string> {
  const run = await beginRun(stage.platform, { environment: 'staging' });
  const change = await run.plan();
  succeeded(await run.approve(change));
  await run.close(change, succeeded(await run.deploy(change)));
  return change;
}

/** Started by an SRE in the operations repository, approved by the customer's lead. */
const promote = (inputs: Readonly<Record<string, string>> = {}) =>
  stage.run({
    repository: stage.platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/promote.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment: 'prod', account, region, service, ...inputs },
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

let here: Delivery;

describe('a version that was verified in staging', () => {
  let there: string;
  let images: readonly string[];
  beforeAll(async () => {
    there = await deliverToStaging();
    images = pushed(stage.platform);
    here = await promote();
  }, 60_000);

  it('reaches production by its digest: judged again, approved there, deployed and verified', async () => {
    expect(errorsOf(here.result)).toEqual([]);
    expect(here.outcome).toBe('closed');
    const [before, after] = [await eventsOf('staging', { change: there }), await eventsOf('prod', here)];
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
    const { released } = stage.platform;
    const evidence = await exportEvidence(prod, released, { ...PLACE, environment: 'prod' }, here.change);
    const own = verifyEvidence(evidence, released);
    expect(own).toMatchObject({ holds: true, problems: [] });
    expect(own.keys.map(({ vouchedBy }) => vouchedBy)).toEqual(
      own.keys.map(() => expect.objectContaining({ serial: 1 })),
    );
    const events = evidence.slice(evidence.indexOf('\n') + 1);
    expect(verifyEvidence(events, released)).toMatchObject({ holds: false, changes: [] });
    const [proposed] = await eventsOf('prod', here);
    const copied = proposed?.evidence.find(({ name }) => name === 'source-record')?.digest.sha256;
    const stored = await prod.read(`objects/sha256/${copied}`);
    const contract = await prod.read(contractKey('prod'));
    const record = verifyEvidence(Buffer.from(stored?.bytes ?? []), released, {
      contracts: [{ place: 'the contract of prod', bytes: contract?.bytes ?? new Uint8Array() }],
    });
    expect(record).toMatchObject({
      holds: true,
      changes: [{ id: there, environment: 'staging', state: 'closed' }],
    });
  });
});

describe('the environment that recovers production in another region', () => {
  it('is not exercised with an image that was not replicated', async () => {
    const { step } = await beginRun(stage.platform, {
      environment: 'recovery',
      workflow: '.github/workflows/promote.yml',
    });
    const place = { region: ELSEWHERE };
    const opened = await step('build', 'open-change', { ...place, kind: 'exercise', 'from-region': region });
    const { change = '' } = succeeded(opened).outputs;
    const judged = await step('plan', 'gate-on-ecr-findings', { ...place, change });
    expectRefused(judged, 'IMAGE_NOT_REPLICATED', 'does not hold');
  }, 30_000);

  it('runs what production runs, without an approval, and the record says how long that took', async () => {
    const { world } = stage.platform.aws;
    const of = (where: string) => ecrState(world, account, where).repositories['acme/orders'];
    const [from, to] = [of(region), of(ELSEWHERE)];
    const [prod] = (await eventsOf('prod', here)).slice(-1);
    if (!from || !to || !prod) throw new Error('both registries hold acme/orders');
    copyImage(world, from, to, `sha256:${prod.subject.digest.sha256}`); // as replication does
    const exercised = await promote({
      environment: 'recovery',
      region: ELSEWHERE,
      'from-region': region,
      exercise: 'true',
      reason: 'twice a year',
    });
    expect(errorsOf(exercised.result)).toEqual([]);
    const events = await eventsOf('recovery', exercised);
    expect(statesOf(events)).toEqual(['proposed', 'gated', 'planned', 'deploying', 'verified', 'closed']);
    expect(events.at(-1)).toMatchObject({
      change: { kind: 'exercise', reason: 'twice a year' },
      subject: { digest: prod.subject.digest },
      decision: {
        reasons: ['RECOVERED_IN_TIME'],
        note: expect.stringMatching(/^Recovered in .*, inside the 60 min/),
      },
    });
    const deploy = exercised.result.jobs.find(({ id }) => id.endsWith('/deploy'));
    expect(deploy?.summary).toContain('Recovered in');
  }, 60_000);
});
