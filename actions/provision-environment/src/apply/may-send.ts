import { assertStillApproved } from '@tenant-delivery/delivery/approved-plan';
import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';

/**
 * What was sent is followed to its end, whenever. What was never sent needs an approval that still counts, of a plan that was
 * made under the contract in force: an attempt that died leaves the rest of its plan to later ones.
 */
export function assertMaySend(
  { clock }: Pick<ApplyWorld, 'clock'>,
  { admission, change, plan }: Pick<Applying, 'admission' | 'change' | 'plan'>,
): void {
  assertStillApproved(admission, change, clock.now(), plan.contract);
}

/** Whether an earlier attempt sent the change set of a stack; one that is gone was taken away by such an attempt. */
export async function wasSent(
  world: Pick<ApplyWorld, 'stacks'>,
  { change }: Pick<Applying, 'change'>,
  { name, region }: PlannedStack,
): Promise<boolean> {
  const stacks = world.stacks(region);
  const live = await stacks.describe(name);
  return !live || (await stacks.events(live.id, changeSetName(change.id))).length > 0;
}
