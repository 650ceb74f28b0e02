import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { type ChangeHandle, resumeChange } from '@tenant-delivery/delivery/change';
import { takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { recentChanges } from '@tenant-delivery/delivery/earlier-changes';
import { MINUTE } from '@tenant-delivery/domain';
import { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { Applying } from '../apply/applying.ts';
import { endOf } from '../apply/ending.ts';
import { recordEnd } from '../apply/record-end.ts';
import { lookAtGithub } from '../github/look-at-github.ts';
import type { ProvisionInputs } from '../inputs.ts';
import type { VerifyWorld } from '../ports.ts';
import { reportApplied } from '../report/apply-report.ts';
import { stackNames } from '../wanted-stacks.ts';
import { madeStacks } from './made-stacks.ts';
import { otherContract } from './other-contract.ts';
import { verifyPart } from './verify-part.ts';

/**
 * Looks again at what an earlier run made and could not verify, and records what it finds: a tunnel may come up days later. It
 * sends nothing to CloudFormation, so the role that plans is enough.
 */
export async function verifyLater(world: VerifyWorld, given: ProvisionInputs): Promise<Outcome> {
  const { runner, clock } = world;
  const { tenant, environment, account, region, part } = given;
  const admission = await admitStacks(world, { tenant, environment, account, region, part });
  const change = await runner.group('Find the change', () => changeOf(world, admission, given.change));
  if (!change) return nothing(`No change of ${part} in ${tenant}/${environment} waits to be verified.`, {});
  runner.output('change', change.id);
  const facts = { change: change.id, state: change.state };
  if (change.state !== 'deploying') return nothing(`${change.id} is ${change.state}.`, facts);
  const plan = await change.document('plan', StackPlan);
  const other = otherContract({ admission, plan });
  if (other !== undefined) return leftOpen(change, [other], 'Plan again.');
  const lock = await takeDeployLock(world, admission, change);
  const applying: Applying = {
    ...{ admission, change, plan },
    role: stackNames(admission).role,
    hold: () => lock.assertHeld(),
    deadline: clock.now() + given['timeout-minutes'] * MINUTE,
  };
  const startedAt = clock.now();
  try {
    const { results, missing } = await madeStacks(world, applying);
    if (plan.kind === 'withdrawal' || missing.length > 0) {
      await lock.releaseUnsettled();
      return leftOpen(change, missing);
    }
    const github = await runner.group("Look at GitHub's side", () => lookAtGithub(world, applying));
    if (github.notBegun.length > 0) {
      await lock.releaseUnsettled();
      return leftOpen(change, github.notBegun.map(notSet));
    }
    const verification = await runner.group('Look at what was made', async () => {
      const { findings, ...others } = await verifyPart(world, applying, results);
      return { ...others, findings: [...github.findings, ...findings] };
    });
    const end = endOf(applying, { results, backups: [] }, verification);
    const digest = change.evidence('plan') as StackPlanDigest; // a change that deploys has a plan
    const recorded = await recordEnd(world, applying, { digest, end, startedAt });
    await (end.goesOn ? lock.releaseUnsettled() : lock.release());
    const outcome = reportApplied(world, applying, end, recorded);
    return outcome.outcome === 'applied' ? { ...outcome, outcome: 'verified' } : outcome;
  } catch (thrown) {
    await lock.releaseUnsettled().catch(() => {}); // what was thrown first is what matters
    throw thrown;
  }
}

type StackPlanDigest = Parameters<typeof recordEnd>[2]['digest'];

/** The one that was named, or the newest of the part that is not verified yet. */
async function changeOf(
  world: VerifyWorld,
  admission: StacksAdmission,
  named: string | undefined,
): Promise<ChangeHandle | undefined> {
  if (named !== undefined) return resumeChange(world, admission, named);
  for (const { id, event } of await recentChanges(world, admission.target)) {
    if (event?.transition.to !== 'deploying') continue;
    return resumeChange(world, admission, id);
  }
  return undefined;
}

const notSet = (repository: string) => `nothing that was approved was set in ${repository} yet`;

function nothing(headline: string, facts: Readonly<Record<string, unknown>>): Outcome {
  return { outcome: 'nothing-to-do', reasonCode: 'OK', ok: true, headline, facts, summary: '' };
}

/** Only a run that applies goes on with CloudFormation. */
function leftOpen(
  { id, state }: ChangeHandle,
  missing: readonly string[],
  todo = 'Re-run the job apply of its run, or plan again.',
): Outcome {
  const why = missing.length > 0 ? missing.join('; ') : 'a withdrawal ends with the run that applies it';
  return {
    outcome: 'left-open',
    reasonCode: 'CHANGE_LEFT_OPEN',
    ok: true,
    headline: `${id} cannot be verified yet: ${why}. ${todo}`,
    facts: { change: id, state, missing },
    summary: '',
  };
}
