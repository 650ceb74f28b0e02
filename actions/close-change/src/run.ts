import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import { bakeOf } from '@tenant-delivery/delivery/bake-record';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { gapsIn } from '@tenant-delivery/delivery/evidence-gaps';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { isEnd } from '@tenant-delivery/domain';
import type { ChangeFacts } from '@tenant-delivery/evidence/change-event';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import { holdsLock, type LockPlace, releaseLock } from '@tenant-delivery/evidence/lock';
import type { LockHolder } from '@tenant-delivery/evidence/lock-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { closeOlder } from './close-older.ts';
import { type Decision, decideClose, decideSettle } from './decide.ts';
import { endedBefore, reportEndedBefore } from './ended-before.ts';
import { failures } from './failures.ts';
import type { CloseChangeInputs } from './inputs.ts';
import type { RecordingWorld, World } from './ports.ts';
import { recoveryDecision, recoveryOf } from './recovery.ts';
import { rejectedBy } from './rejected-by.ts';
import { report } from './report.ts';

export async function run(given: CloseChangeInputs, world: World): Promise<Outcome> {
  const ended = given.mode === 'settle' && (await endedBefore(world.record, targetOf(given), given.change));
  if (!ended) return closeOrSettle(given, { ...world, delivery: await world.delivery() });
  await releaseLock(...lockOf(world.record, ended.change));
  world.runner.output('state', ended.transition.to);
  return reportEndedBefore(ended);
}

async function closeOrSettle(given: CloseChangeInputs, world: RecordingWorld): Promise<Outcome> {
  const { runner, delivery } = world;
  const { admission, change } = await admitChange(delivery, targetOf(given), given.change);
  const decision = await decide(given, world, admission, change);
  if (given.mode === 'settle') assertOfThisRun(decision, change, delivery.claims);
  const older = await carryOut(decision, delivery, admission, change);
  // lock and open change are one thing: a change that has ended holds none
  if (isEnd(change.state)) await releaseLock(...lockOf(delivery, change.facts));
  runner.output('state', change.state);
  const { serverUrl } = runner.context;
  return report({ change, admission, decision, mode: given.mode, claims: delivery.claims, older, serverUrl });
}

async function decide(
  given: CloseChangeInputs,
  world: RecordingWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<Decision> {
  const deploying = change.state === 'deploying';
  const bake = deploying ? await bakeOf(world.delivery, admission.target, change.id) : undefined;
  const waiting = { bake: bake?.record.eligibleAt, hook: given.hook };
  if (given.mode === 'close') {
    const decision = decideClose(change.state, given['job-status'], waiting);
    return decision.kind === 'end' && !(await isOurs(world.delivery, change))
      ? { kind: 'left-open' }
      : decision;
  }
  const reviewers = change.state === 'planned' ? await rejectedBy(world, admission) : [];
  return decideSettle(change.state, given['job-status'], reviewers, waiting);
}

/**
 * The last job is told of its change by one that may have run a customer's build. What became of this run says nothing of
 * a change that another one proposed.
 */
function assertOfThisRun(
  decision: Decision,
  { id, state, events: [proposed] }: ChangeHandle,
  { repositoryId, runId }: DeliveryWorld['claims'],
): void {
  if (decision.kind !== 'end') return;
  if (proposed?.run.repositoryId === repositoryId && proposed.run.runId === runId) return;
  const why = `run ${proposed?.run.runId} proposed it, and this is run ${runId}`;
  throw evidenceFailures.transitionNotAllowed(id, state, decision.to, why);
}

/** Answers which older changes were closed beside this one. */
async function carryOut(
  decision: Decision,
  delivery: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<readonly string[]> {
  if (decision.kind === 'end') {
    const { to, reason, note } = decision;
    await change.append(to, { decision: { result: 'deny', reasons: [reason], note } });
  }
  if (decision.kind !== 'close') return [];
  const gaps = await gapsIn(delivery.vault, change);
  if (gaps.length > 0) throw failures.evidenceIncomplete(change.id, gaps);
  const recovery = recoveryOf(change.events, admission.environment);
  await change.append('closed', recovery ? { decision: recoveryDecision(recovery) } : {});
  return closeOlder(delivery, admission, change.id);
}

/**
 * Whether this run has begun to deploy the change, and nobody has taken over. A run that only asked about a change, and
 * was refused because another one deploys it or because it waits at a pause, says nothing of how that ends.
 */
async function isOurs(delivery: DeliveryWorld, { facts }: ChangeHandle): Promise<boolean> {
  return holdsLock(...lockOf(delivery, facts));
}

function lockOf(
  { vault, clock, claims }: Pick<DeliveryWorld, 'vault' | 'clock' | 'claims'>,
  { id, environment, service }: ChangeFacts,
): [LockPlace, LockHolder] {
  const { repository, repositoryId, runId, runAttempt } = claims;
  return [
    { vault, clock, environment, service, lease: 0 },
    { change: id, repository, repositoryId, runId, runAttempt },
  ];
}
