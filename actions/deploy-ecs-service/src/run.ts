import type { Given, Outcome } from '@tenant-delivery/action-kit';
import { admit, resumeChange } from '@tenant-delivery/delivery';
import { NOTHING_ASKED } from '@tenant-delivery/deployment';
import { deployChange } from './deploy-change.ts';
import type { DeployWorld } from './deploy-world.ts';
import type { inputs } from './inputs.ts';
import { planChange } from './plan-change.ts';

/** Plans what a deploy would do, or does what was planned and approved. */
export async function run(given: Given<typeof inputs>, world: DeployWorld): Promise<Outcome> {
  const { admission, change } = await world.runner.group('Find the contract and the change', async () => {
    const admission = await admit(world, given);
    const change = await resumeChange(world, admission, given.change);
    world.runner.info(`${change.id} is ${change.state}`);
    return { admission, change };
  });
  return given.mode === 'plan'
    ? planChange(world, admission, change, NOTHING_ASKED)
    : deployChange(world, admission, change, given['timeout-minutes'], 'fail');
}
