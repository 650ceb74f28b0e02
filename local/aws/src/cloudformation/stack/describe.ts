import type {
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput,
  ListStacksCommandInput,
  ListStacksCommandOutput,
  Stack as ToldStack,
} from '@aws-sdk/client-cloudformation';
import { tagList } from '../../iam/policies.ts';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { stackNamed } from '../find-stack.ts';
import { page } from '../page.ts';
import { type Stack, stackStore } from '../state.ts';
import { toldParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import { invalid } from '../template/refusals.ts';

const STACKS = 100; // of one page

/** One stack by name or id, or all that were not deleted. */
export function describeStacks(
  { StackName, NextToken }: DescribeStacksCommandInput,
  call: Call,
): Output<DescribeStacksCommandOutput> {
  if (StackName !== undefined) {
    const stack = stackNamed(call, StackName);
    if (!stack) throw invalid(`Stack with id ${StackName} does not exist`);
    return { Stacks: [told(stack)] };
  }
  const all = Object.values(stackStore(call.world, call.account, call.region).stacks);
  const { items, next } = page(
    all.filter(({ status }) => status !== 'DELETE_COMPLETE').reverse(),
    NextToken,
    STACKS,
  );
  return { Stacks: items.map(told), ...next };
}

function told(stack: Stack): ToldStack {
  const { applied, drift } = stack;
  const template = applied && parseTemplate(applied.template);
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSet !== undefined && { ChangeSetId: stack.changeSet }),
    ...(template?.description !== undefined && { Description: template.description }),
    ...(applied && template && { Parameters: toldParameters(template, applied.parameters) }),
    CreationTime: new Date(stack.created),
    ...(stack.updated !== undefined && { LastUpdatedTime: new Date(stack.updated) }),
    ...(stack.deleted !== undefined && { DeletionTime: new Date(stack.deleted) }),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...(stack.reason !== undefined && { StackStatusReason: stack.reason }),
    DisableRollback: stack.disableRollback ?? false,
    NotificationARNs: [],
    Capabilities: [...(applied?.capabilities ?? [])] as never, // as they were given, each checked by its use
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description !== undefined && { Description: description }),
    })),
    ...(stack.roleArn !== undefined && { RoleARN: stack.roleArn }),
    Tags: tagList(applied?.tags ?? {}),
    EnableTerminationProtection: stack.protected,
    DriftInformation: {
      StackDriftStatus: drift?.status ?? 'NOT_CHECKED',
      ...(drift && { LastCheckTimestamp: new Date(drift.at) }),
    },
  };
}

/** All stacks, those that were deleted too, the newest first. */
export function listStacks(
  { StackStatusFilter, NextToken }: ListStacksCommandInput,
  { world, account, region }: Call,
): Output<ListStacksCommandOutput> {
  const all = Object.values(stackStore(world, account, region).stacks);
  const fitting = all.filter(
    ({ status }) => !StackStatusFilter?.length || StackStatusFilter.includes(status),
  );
  const { items, next } = page(fitting.reverse(), NextToken, STACKS);
  return {
    StackSummaries: items.map(({ id, name, created, updated, deleted, status, reason, drift }) => ({
      StackId: id,
      StackName: name,
      CreationTime: new Date(created),
      ...(updated !== undefined && { LastUpdatedTime: new Date(updated) }),
      ...(deleted !== undefined && { DeletionTime: new Date(deleted) }),
      StackStatus: status,
      ...(reason !== undefined && { StackStatusReason: reason }),
      DriftInformation: { StackDriftStatus: drift?.status ?? 'NOT_CHECKED' },
    })),
    ...next,
  };
}
