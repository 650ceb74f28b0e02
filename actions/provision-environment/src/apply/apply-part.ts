import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { assertApproved } from '@tenant-delivery/delivery/approved-plan';
import { assertNotSuperseded, resumeChange } from '@tenant-delivery/delivery/change';
import { type DeployLock, takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { type Digest, MINUTE } from '@tenant-delivery/domain';
import { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import { failures } from '../failures.ts';
import { applyGithub } from '../github/apply-github.ts';
import type { ProvisionInputs } from '../inputs.ts';
import type { ApplyWorld } from '../ports.ts';
import { reportApplied, reportAppliedBefore } from '../report/apply-report.ts';
import { verifyPart } from '../verify/verify-part.ts';
import { stackNames } from '../wanted-stacks.ts';
import { applyStacks } from './apply-stacks.ts';
import { type Applying, wentWell } from './applying.ts';
import { differencesNow } from './compare-stacks.ts';
import { type ApplyEnd, endOf, notBackedUp } from './ending.ts';
import { recordEnd } from './record-end.ts';

/** Executes what was approved, follows it, proves it, and closes the change. What an earlier attempt began goes on. */
export async function applyPart(world: ApplyWorld, given: ProvisionInputs): Promise<Outcome> {
  const { runner, clock } = world;
  const { admission, change } = await runner.group('Find the contract and the change', async () => {
    const { tenant, environment, account, region, part } = given;
    const admission = await admitStacks(world, { tenant, environment, account, region, part });
    const change = await resumeChange(world, admission, given.change ?? '');
    runner.output('change', change.id);
    assertNotSuperseded(change);
    runner.info(`${change.id} is ${change.state}`);
    return { admission, change };
  });
  if (change.state === 'closed' || change.state === 'verified') return reportAppliedBefore(world, change);
  const digest = assertApproved(admission, change, clock.now());
  const plan = await change.document('plan', StackPlan);
  const lock = await takeDeployLock(world, admission, change);
  const applying: Applying = {
    admission,
    change,
    plan,
    role: stackNames(admission).role,
    hold: () => lock.assertHeld(),
    deadline: clock.now() + given['timeout-minutes'] * MINUTE,
  };
  await begin(world, applying, lock, digest);
  const startedAt = clock.now();
  try {
    const end = await carryOut(world, applying);
    const outcome = await recordEnd(world, applying, { digest, end, startedAt });
    await (end.goesOn ? lock.releaseUnsettled() : lock.release());
    return reportApplied(world, applying, end, outcome);
  } catch (thrown) {
    await lock.releaseUnsettled().catch(() => {}); // what was thrown first is what matters
    throw thrown;
  }
}

/** Records that it begins, once everything is as it was approved. Until then nothing was changed. */
async function begin(world: ApplyWorld, applying: Applying, lock: DeployLock, plan: Digest): Promise<void> {
  const { change } = applying;
  if (change.state === 'deploying') return;
  try {
    const differences = await world.runner.group('Compare the change sets with what was approved', () =>
      differencesNow(world, applying),
    );
    if (differences.length > 0) throw failures.planChanged(change.id, differences);
    await lock.endOthers();
    await change.append('deploying', { plan });
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

async function carryOut(world: ApplyWorld, applying: Applying): Promise<ApplyEnd> {
  const applied = await applyStacks(world, applying);
  const { results } = applied;
  if (notBackedUp(applied) || !results.every(wentWell)) return endOf(applying, applied, undefined);
  const github = await world.runner.group('Set what was approved at GitHub', () =>
    applyGithub(world, applying),
  );
  const { findings, ...others } = await world.runner.group('Look at what was made', () =>
    verifyPart(world, applying, results),
  );
  return endOf(applying, applied, { ...others, findings: [...github, ...findings] });
}
