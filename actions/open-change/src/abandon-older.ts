import { Failure } from '@tenant-delivery/action-kit/failure';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { timeOf } from '@tenant-delivery/delivery/change-id';
import { recentChanges } from '@tenant-delivery/delivery/earlier-changes';
import type { RunState } from '@tenant-delivery/delivery/github-ports';
import { LONGEST_CHANGE } from '@tenant-delivery/delivery/past-listing';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { ChangeState } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { World } from './ports.ts';

/** Open, and nothing of it has reached the service. A change that was deploying is settled by the next holder of its lock. */
export const BEFORE_DEPLOYING: readonly ChangeState[] = ['proposed', 'built', 'gated', 'planned', 'approved'];

/**
 * Records older changes of this service as abandoned when nobody can continue them: their run is over, or too old to be
 * alive. A run that GitHub does not show here (another repository's) proves nothing. Answers their ids.
 */
export async function abandonOlder(
  world: DeliveryWorld,
  admission: Admission,
  github: World['github'],
): Promise<readonly string[]> {
  const abandoned: string[] = [];
  for (const { id, state, event } of await recentChanges(world, admission.target)) {
    if (!event || !BEFORE_DEPLOYING.includes(state)) continue;
    const tooOld = timeOf(id) < world.clock.now() - LONGEST_CHANGE;
    if (!tooOld) {
      const { runs } = await github();
      if (!isOver(event, await runs.stateOf(event.run.repository, event.run.runId))) continue;
    }
    if (await abandon(world, admission, id, event)) abandoned.push(id);
  }
  return abandoned;
}

/** `false` when somebody else has moved it in the meantime: two deliveries may look at the same time. */
async function abandon(
  world: DeliveryWorld,
  admission: Admission,
  id: string,
  { run, transition }: ChangeEvent,
): Promise<boolean> {
  const change = await resumeChange(world, admission, id);
  if (change.state !== transition.to) return false;
  const note = `Run ${run.runId} attempt ${run.runAttempt} ended and left this change ${transition.to}.`;
  try {
    await change.append('abandoned', { decision: { result: 'deny', reasons: ['RUN_OVER'], note } });
    return true;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === evidenceFailures.changeMoved.code) return false;
    throw thrown;
  }
}

function isOver({ run }: ChangeEvent, state: RunState | 'absent'): boolean {
  if (state === 'absent') return false;
  return state.kind === 'over' || state.attempt > run.runAttempt;
}
