import { Failure } from '@tenant-delivery/action-kit/failure';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { recentChanges } from '@tenant-delivery/delivery/earlier-changes';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { BEFORE_DEPLOYING } from './abandon-older.ts';

/**
 * Records every other open change of this service as abandoned that has not begun to deploy: a rollback goes before them,
 * and what they planned from is gone after it. One that deploys keeps its lock; its run ends it, or its lease does.
 * Answers their ids.
 */
export async function supersede(
  world: DeliveryWorld,
  admission: Admission,
  rollback: string,
): Promise<readonly string[]> {
  const superseded: string[] = [];
  for (const { id, state } of await recentChanges(world, admission.target, rollback)) {
    if (!BEFORE_DEPLOYING.includes(state)) continue;
    const change = await resumeChange(world, admission, id);
    if (!BEFORE_DEPLOYING.includes(change.state)) continue;
    const note = `${rollback} takes the service back; a new change is needed for what this one was ${change.state} for.`;
    try {
      await change.append('abandoned', {
        decision: { result: 'deny', reasons: ['SUPERSEDED_BY_ROLLBACK'], note },
      });
      superseded.push(id);
    } catch (thrown) {
      // it has moved on in the meantime: if it deploys now, the lock decides
      if (!(thrown instanceof Failure && thrown.code === evidenceFailures.changeMoved.code)) throw thrown;
    }
  }
  return superseded;
}
