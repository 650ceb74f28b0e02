import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { SettleWorld } from '../ports.ts';

/**
 * Deletes the change sets of a change that is not to be applied. Of a stack that was to be made a shell without resources is
 * left, into which the next plan puts its own: only an approved change deletes stacks.
 */
export async function dropChangeSets(
  world: Pick<SettleWorld, 'stacks'>,
  stacks: readonly Pick<PlannedStack, 'name' | 'region'>[],
  change: string,
): Promise<void> {
  const changeSet = changeSetName(change);
  await Promise.all(stacks.map(({ name, region }) => world.stacks(region).deleteChangeSet(name, changeSet)));
}
