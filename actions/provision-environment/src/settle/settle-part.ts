import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { approvalSides } from '@tenant-delivery/delivery/approval-sides';
import { type ChangeHandle, resumeChange } from '@tenant-delivery/delivery/change';
import { type ChangeKind, isEnd } from '@tenant-delivery/domain';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { ProvisionInputs } from '../inputs.ts';
import { dropChangeSets } from '../plan/drop-change-sets.ts';
import type { SettleWorld } from '../ports.ts';
import { wantedStacks } from '../wanted-stacks.ts';

/** Records how a change ended that was never applied, and deletes its change sets. */
export async function settlePart(world: SettleWorld, given: ProvisionInputs): Promise<Outcome> {
  const { runner } = world;
  const { tenant, environment, account, region, part, change: id } = given;
  if (id === undefined) return nothing('The plan opened no change.', {});
  const admission = await admitStacks(world, { tenant, environment, account, region, part });
  const change = await resumeChange(world, admission, id);
  runner.output('change', change.id);
  if (change.state === 'deploying' || change.state === 'verified') return leftOpen(change);
  const ended = isEnd(change.state) ? undefined : await endOf(world, admission, change, given['job-status']);
  if (ended)
    await change.append(ended.to, {
      decision: { result: 'deny', reasons: [ended.reason], note: ended.note },
    });
  const applied = change.events.some(({ transition }) => transition.to === 'deploying');
  if (!applied) {
    await runner.group('Delete its change sets', () =>
      dropChangeSets(world, wantedStacks(world.claims, admission), change.id),
    );
  }
  if (!ended) return nothing(`${change.id} is ${change.state}.`, { change: change.id, state: change.state });
  return {
    outcome: ended.to,
    reasonCode: ended.reason,
    ok: true,
    headline: `${change.id} is ${ended.to}. ${ended.note}`,
    facts: { change: change.id, state: ended.to },
    summary: '',
  };
}

function nothing(headline: string, facts: Readonly<Record<string, unknown>>): Outcome {
  return { outcome: 'nothing-to-do', reasonCode: 'OK', ok: true, headline, facts, summary: '' };
}

/** CloudFormation may go on with it: only a run that applies may say how it ended. */
function leftOpen({ id, state }: ChangeHandle): Outcome {
  return {
    outcome: 'left-open',
    reasonCode: 'CHANGE_LEFT_OPEN',
    ok: true,
    headline: `${id} is ${state}: re-run the job apply of this run, which follows it on, or start verify-provision.yml if everything is made.`,
    facts: { change: id, state },
    summary: '',
  };
}

interface Ended {
  readonly to: 'rejected' | 'withdrawn' | 'abandoned';
  readonly reason: string;
  readonly note: string;
}

async function endOf(
  world: SettleWorld,
  admission: StacksAdmission,
  { state, kind }: ChangeHandle,
  run: ProvisionInputs['job-status'],
): Promise<Ended> {
  const rejected = state === 'planned' ? await rejectedBy(world, admission, kind) : [];
  if (rejected.length > 0)
    return { to: 'rejected', reason: 'APPROVAL_REJECTED', note: `Rejected by ${rejected.join(', ')}.` };
  return run === 'cancelled'
    ? { to: 'withdrawn', reason: 'RUN_CANCELLED', note: `The run was cancelled when this was ${state}.` }
    : { to: 'abandoned', reason: 'RUN_FAILED', note: `The run ended when this was ${state}.` };
}

/** As close-change asks: GitHub starts no job that a reviewer rejected, so the last job is where it can be recorded. */
async function rejectedBy(
  { runner, claims, runs }: SettleWorld,
  { environment }: StacksAdmission,
  kind: ChangeKind,
): Promise<readonly string[]> {
  const sides = approvalSides(kind, environment.approval).map((side) => side.environment);
  const { repository, runId, runAttempt } = claims;
  if (runAttempt > 1) return []; // GitHub does not say which attempt was rejected
  try {
    const words = await (await runs()).approvalsOf(repository, runId);
    return words
      .filter(({ state }) => state === 'rejected')
      .filter(({ environments }) => environments.some((name) => sides.includes(name)))
      .map(({ by }) => by.login);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    runner.warning(`Whether a reviewer rejected this run is not known: ${thrown.message}`);
    return [];
  }
}
