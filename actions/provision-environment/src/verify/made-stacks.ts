import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Applying, StackResult } from '../apply/applying.ts';
import { isComplete, resultOf } from '../apply/execute-stack.ts';
import { endIn } from '../apply/follow-stack.ts';
import type { VerifyWorld } from '../ports.ts';

/** What an earlier run made of a plan, or why a look would be too early, a sentence each. */
export async function madeStacks(
  world: Pick<VerifyWorld, 'stacks'>,
  { plan, change }: Pick<Applying, 'plan' | 'change'>,
): Promise<{ readonly results: readonly StackResult[]; readonly missing: readonly string[] }> {
  const found = await Promise.all(plan.stacks.map((stack) => madeStack(world, stack, change.id)));
  return {
    results: found.filter((each) => typeof each !== 'string'),
    missing: found.filter((each) => typeof each === 'string'),
  };
}

/** A stack whose last step of apply was taken: complete by the events of this change, protected, and under its policy. */
async function madeStack(
  world: Pick<VerifyWorld, 'stacks'>,
  planned: PlannedStack,
  change: string,
): Promise<StackResult | string> {
  const { name, changeSet, policy } = planned;
  const stacks = world.stacks(planned.region);
  const live = await stacks.describe(name);
  if (!live) return `${name} is not there`;
  const events = changeSet === null ? [] : await stacks.events(live.id, changeSetName(change));
  const status = changeSet === null ? live.status : endIn(events, live);
  if (status === undefined) return `the change set of ${name} has not come to its end`;
  if (changeSet !== null && !isComplete(status)) return `${name} is ${status}`;
  const untouched = planned.action === 'unchanged';
  if (!untouched && digestOf((await stacks.policy(name)) ?? '') !== policy)
    return `${name} does not have the stack policy that was approved`;
  return resultOf(stacks, planned, { status, events });
}
