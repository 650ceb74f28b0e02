import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { StackExecutor } from '@tenant-delivery/provisioning/ports';
import type { ApplyWorld } from '../ports.ts';
import type { Applying, StackResult } from './applying.ts';
import { balancerOf } from './balancer-of.ts';
import { followStack } from './follow-stack.ts';
import { sendOnce } from './send-once.ts';
import { deleteStack } from './withdraw-stack.ts';

/**
 * Takes away what a first creation made before it failed, so that the next plan begins with nothing. CloudFormation would stop
 * at a protected load balancer, so that is lifted first; and a deletion would leave what the template keeps, so the stack is
 * rolled back.
 */
export async function undoCreation(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
  failed: StackResult,
): Promise<StackResult> {
  const stacks = world.stacks(planned.region);
  const token = `${changeSetName(applying.change.id)}-rollback`;
  const live = await stacks.describe(planned.name);
  if (!live) return { ...failed, result: 'rolled-back', status: 'DELETE_COMPLETE' };
  if ((await stacks.events(live.id, token)).length === 0) {
    await liftBalancer(world, applying, stacks, planned.name);
    await applying.hold();
    await stacks.protect(planned.name, false);
    const refused = await sendOnce(world, stacks, { id: live.id, token }, () =>
      stacks.rollBack(planned.name, token, applying.role),
    );
    if (refused !== undefined) {
      world.runner.warning(`${planned.name} was not rolled back: ${refused}`);
      return failed;
    }
  }
  const { status } = await followStack(world, stacks, live, applying, token);
  if (status === 'timed-out' || status === 'cancelled') return { ...failed, result: status, status };
  if (status === 'ROLLBACK_COMPLETE') await deleteStack(world, applying, planned); // an empty shell, if AWS leaves one
  return /^(ROLLBACK|DELETE)_COMPLETE$/.test(status)
    ? { ...failed, result: 'rolled-back', status }
    : { ...failed, status };
}

/** The one that this stack made: another of its name may be why the creation failed. */
async function liftBalancer(
  { balancers, runner }: ApplyWorld,
  { admission, hold }: Applying,
  stacks: Pick<StackExecutor, 'resources'>,
  stack: string,
): Promise<void> {
  const { name } = admission.environment.loadBalancer;
  const made = await balancerOf(stacks, stack);
  if (made === undefined) return;
  await hold();
  const lifted = await balancers.lift(name, made);
  runner.info(lifted === 'done' ? `${name} may be deleted now` : `${name} was not made`);
}
