import { evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { lastVerified } from '@tenant-delivery/delivery/last-verified';
import { type PlannedStack, StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { ObserveWorld } from '../ports.ts';

/** The plan of the part that was applied and verified last; `undefined` when there is none. */
export async function approvedPlan(
  world: ObserveWorld,
  { target }: StacksAdmission,
): Promise<StackPlan | undefined> {
  const last = await lastVerified(world, target);
  if (!last) return undefined;
  return readDocument(world, last.id, 'plan', evidenceIn(last.events, 'plan'), StackPlan);
}

/** The stacks that should be there by that plan. */
export function standing({ kind, stacks }: StackPlan): readonly PlannedStack[] {
  return kind === 'withdrawal' ? [] : stacks;
}
