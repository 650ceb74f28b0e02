import { Failure } from '@tenant-delivery/action-kit/failure';
import { type ChangeHandle, resumeChange } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from '../failures.ts';

/** A PLAN_CHANGED with who moved the service since it was planned, as far as the record says so; anything else as it is. */
export async function withMover(
  world: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof Failure) || thrown.code !== failures.planChanged.code) return thrown;
  try {
    return failures.planChanged(thrown.details, await moverOf(world, admission, change));
  } catch (unread) {
    if (unread instanceof Failure) return thrown; // what differs is known, and is what stops this
    throw unread;
  }
}

/** The change that began to deploy last, after this one was planned. */
async function moverOf(world: DeliveryWorld, admission: Admission, change: ChangeHandle): Promise<string> {
  const planned = change.events.findLast(({ transition }) => transition.to === 'planned')?.occurredAt ?? '';
  for await (const { id, at } of deployedChanges(world, admission.target, change.id)) {
    if (at < Date.parse(planned)) break;
    const other = await resumeChange(world, admission, id);
    const begun = other.events.findLast(({ transition }) => transition.to === 'deploying');
    if (!begun || begun.occurredAt < planned) continue;
    const { repository, runId } = begun.run;
    return `${id} (${other.kind}, ${other.state}, run ${runId} of ${repository}) has changed the service since it was planned`;
  }
  return 'somebody has changed the service outside of the record since it was planned';
}
