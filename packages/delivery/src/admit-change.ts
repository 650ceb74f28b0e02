import type { Target } from '@tenant-delivery/domain';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { admit } from './admit.ts';
import { type ChangeHandle, changeOf } from './change.ts';
import type { DeliveryWorld } from './world.ts';

/**
 * A change, with the contract that admits this job to it. Both are read at once; the events are judged when the contract
 * has said which keys count.
 */
export async function admitChange(
  world: DeliveryWorld,
  target: Target,
  id: string,
): Promise<{ readonly admission: Admission; readonly change: ChangeHandle }> {
  const loading = loadChange(world.vault, world.trust, target, id);
  loading.catch(() => {}); // what is wrong with the contract is said first
  const admission = await admit(world, target);
  const [events] = await Promise.all([loading, world.signer]);
  return { admission, change: await changeOf(world, admission, id, events) };
}
