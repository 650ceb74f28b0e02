import { resumeChange } from '@tenant-delivery/delivery/change';
import { mendMarks, recentChanges } from '@tenant-delivery/delivery/earlier-changes';
import { gapsIn } from '@tenant-delivery/delivery/evidence-gaps';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Admission } from '@tenant-delivery/tenancy/admission';

/**
 * Closes earlier changes that were verified and whose run ended before it could close them. They were followed by a
 * deployment under the lock, so nobody is at work on them. Answers their ids.
 */
export async function closeOlder(
  delivery: DeliveryWorld,
  admission: Admission,
  current: string,
): Promise<readonly string[]> {
  const recent = await recentChanges(delivery, admission.target, current);
  await mendMarks(delivery, recent);
  const closed: string[] = [];
  for (const { id } of recent.filter(({ state }) => state === 'verified')) {
    const change = await resumeChange(delivery, admission, id);
    if (change.state !== 'verified') continue; // its own run came to it in the meantime
    if ((await gapsIn(delivery.vault, change)).length > 0) continue; // stays open, for a person to look at
    await change.append('closed');
    closed.push(id);
  }
  return closed;
}
