import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import { assertNotSuperseded } from '@tenant-delivery/delivery/change';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { deployChange } from './deploy/deploy-change.ts';
import type { DeployWorld } from './deploy-world.ts';
import { planChange } from './plan/plan-change.ts';
import type { GivenContracted } from './request/read-given.ts';

/** Plans what a deploy of a change would do, or does what was planned and approved. */
export async function run(given: GivenContracted, world: DeployWorld): Promise<Outcome> {
  const { admission, change } = await world.runner.group('Find the contract and the change', async () => {
    const { admission, change } = await admitChange(world, targetOf(given), given.change);
    world.runner.output('change', change.id);
    assertNotSuperseded(change);
    world.runner.info(`${change.id} is ${change.state}`);
    return { admission, change };
  });
  return given.mode === 'plan'
    ? planChange(world, admission, change, given)
    : deployChange(world, admission, change, given);
}
