import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { SettleWorld } from '../ports.ts';

type Stacks = Pick<SettleWorld, 'stacks'>;

/**
 * Deletes the change sets of a change that is not to be applied, and the shells of stacks that were to be made and have no
 * other change set. A shell has no resources; termination protection keeps every stack that was made.
 */
export async function dropChangeSets(
  world: Stacks,
  stacks: readonly Pick<PlannedStack, 'name' | 'region'>[],
  change: string,
): Promise<void> {
  const name = changeSetName(change);
  await Promise.all(stacks.map((stack) => dropOne(world, stack, name)));
}

async function dropOne(
  world: Stacks,
  { name: stack, region }: Pick<PlannedStack, 'name' | 'region'>,
  changeSet: string,
): Promise<void> {
  const stacks = world.stacks(region);
  if ((await stacks.describe(stack)) === undefined) return;
  await stacks.deleteChangeSet(stack, changeSet);
  const [live, others] = await Promise.all([stacks.describe(stack), stacks.changeSets(stack)]);
  if (live?.status !== 'REVIEW_IN_PROGRESS' || others.some(({ name }) => name !== changeSet)) return;
  if ((await stacks.resources(stack)).length === 0) await stacks.deleteShell(stack);
}
