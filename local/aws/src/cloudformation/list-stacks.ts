import type { ListStacksCommandInput, ListStacksCommandOutput } from '@aws-sdk/client-cloudformation';
import type { Output } from '../services/output.ts';
import type { Call } from '../world/service.ts';
import { stackStore } from './state.ts';

/** All stacks, those that were deleted too, the newest first. */
export function listStacks(
  { StackStatusFilter }: ListStacksCommandInput,
  { world, account, region }: Call,
): Output<ListStacksCommandOutput> {
  const all = Object.values(stackStore(world, account, region).stacks);
  const fitting = all.filter(
    ({ status }) => !StackStatusFilter?.length || StackStatusFilter.includes(status),
  );
  return {
    StackSummaries: fitting.reverse().map(({ id, name, created, updated, deleted, status, reason }) => ({
      StackId: id,
      StackName: name,
      CreationTime: new Date(created),
      ...(updated !== undefined && { LastUpdatedTime: new Date(updated) }),
      ...(deleted !== undefined && { DeletionTime: new Date(deleted) }),
      StackStatus: status,
      ...(reason !== undefined && { StackStatusReason: reason }),
    })),
  };
}
