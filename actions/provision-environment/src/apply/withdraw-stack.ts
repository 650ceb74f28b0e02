import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { StackExecutor, StackSeen } from '@tenant-delivery/provisioning/ports';
import type { ApplyWorld } from '../ports.ts';
import type { Applying, StackResult } from './applying.ts';
import { executeStack, resultOf } from './execute-stack.ts';
import { followStack } from './follow-stack.ts';
import { isEmpty, NOT_EMPTY } from './is-empty.ts';
import { assertMaySend } from './may-send.ts';
import { sendOnce } from './send-once.ts';

/**
 * Empties a stack as its change set says, then deletes what is left of it: one resource that is nothing at AWS. What stays in
 * the account has left the stack by then.
 */
export async function withdrawStack(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
): Promise<StackResult> {
  const stacks = world.stacks(planned.region);
  const gone = await alreadyGone(stacks, planned);
  if (gone) return gone;
  const emptied = planned.action === 'withdraw' ? await executeStack(world, applying, planned) : undefined;
  if (emptied && emptied.result !== 'complete') return emptied;
  const deleted = await deleteStack(world, applying, planned);
  return emptied ? { ...deleted, resources: emptied.resources } : deleted;
}

/** An earlier attempt ended with the deletion; nothing else takes away a stack that is protected. */
async function alreadyGone(stacks: StackExecutor, planned: PlannedStack): Promise<StackResult | undefined> {
  if (await stacks.describe(planned.name)) return undefined;
  return resultOf(stacks, planned, { status: 'DELETE_COMPLETE', events: [] });
}

/** Deletes a stack that has nothing left, and follows it to its end. One that has something again is left alone. */
export async function deleteStack(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
): Promise<StackResult> {
  const stacks = world.stacks(planned.region);
  const token = `${changeSetName(applying.change.id)}-delete`;
  const live = await stacks.describe(planned.name);
  if (!live) return resultOf(stacks, planned, { status: 'DELETE_COMPLETE', events: [] });
  const isFirst = (await stacks.events(live.id, token)).length === 0;
  if (isFirst && planned.action !== 'create' && !(await isEmpty(stacks, live)))
    return notDeleted(stacks, planned, live, NOT_EMPTY);
  // Where there was a change set, the deletion ends what that one began.
  if (isFirst && planned.action === 'delete') assertMaySend(world, applying);
  await applying.hold();
  await stacks.protect(planned.name, false);
  const refused = await sendOnce(world, stacks, { id: live.id, token }, () =>
    stacks.deleteStack(planned.name, token, applying.role),
  );
  if (refused !== undefined) return notDeleted(stacks, planned, live, refused);
  return resultOf(stacks, planned, await followStack(world, stacks, live, applying, token));
}

async function notDeleted(
  stacks: StackExecutor,
  planned: PlannedStack,
  live: StackSeen,
  reason: string,
): Promise<StackResult> {
  return {
    ...(await resultOf(stacks, planned, { status: live.status, events: [] })),
    result: 'failed',
    failure: { logicalId: planned.name, type: 'AWS::CloudFormation::Stack', reason },
  };
}
