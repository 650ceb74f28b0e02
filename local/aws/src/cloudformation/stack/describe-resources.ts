import type {
  DescribeStackEventsCommandInput,
  DescribeStackEventsCommandOutput,
  DescribeStackResourceCommandInput,
  DescribeStackResourceCommandOutput,
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput,
  ListStackResourcesCommandInput,
  ListStackResourcesCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { findStack, stackNamed } from '../find-stack.ts';
import { page } from '../page.ts';
import { type Stack, type StackResource, stackStore } from '../state.ts';
import { invalid } from '../template/refusals.ts';

const ITEMS = 100; // of one page

/** Newest first. */
export function describeStackEvents(
  { StackName = '', NextToken }: DescribeStackEventsCommandInput,
  call: Call,
): Output<DescribeStackEventsCommandOutput> {
  const stack = findStack(call, StackName);
  const { items, next } = page([...stack.events].reverse(), NextToken, ITEMS);
  return {
    StackEvents: items.map(({ id, at, logicalId, physicalId, type, status, reason, properties, token }) => ({
      StackId: stack.id,
      EventId: id,
      StackName: stack.name,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Timestamp: new Date(at),
      ResourceStatus: status,
      ...(reason !== undefined && { ResourceStatusReason: reason }),
      ...(properties !== undefined && { ResourceProperties: properties }),
      ...(token !== undefined && { ClientRequestToken: token }),
    })),
    ...next,
  };
}

export function describeStackResources(
  { StackName, LogicalResourceId, PhysicalResourceId }: DescribeStackResourcesCommandInput,
  call: Call,
): Output<DescribeStackResourcesCommandOutput> {
  const stack = StackName === undefined ? ownerOf(call, PhysicalResourceId) : findStack(call, StackName);
  const all = Object.values(stack.resources);
  const found = all.filter(
    ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
  );
  if (LogicalResourceId !== undefined && found.length === 0) throw lost(LogicalResourceId, stack);
  return {
    StackResources: found.slice(0, ITEMS).map((one) => ({
      ...told(one),
      StackName: stack.name,
      StackId: stack.id,
      Timestamp: new Date(one.updated),
      DriftInformation: driftOf(one),
    })),
  };
}

export function describeStackResource(
  { StackName = '', LogicalResourceId = '' }: DescribeStackResourceCommandInput,
  call: Call,
): Output<DescribeStackResourceCommandOutput> {
  const stack = findStack(call, StackName);
  const one = stack.resources[LogicalResourceId];
  if (!one) throw lost(LogicalResourceId, stack);
  return {
    StackResourceDetail: {
      ...told(one),
      StackName: stack.name,
      StackId: stack.id,
      LastUpdatedTimestamp: new Date(one.updated),
      DriftInformation: driftOf(one),
    },
  };
}

export function listStackResources(
  { StackName = '', NextToken }: ListStackResourcesCommandInput,
  call: Call,
): Output<ListStackResourcesCommandOutput> {
  const { items, next } = page(Object.values(findStack(call, StackName).resources), NextToken, ITEMS);
  return {
    StackResourceSummaries: items.map((one) => ({
      ...told(one),
      LastUpdatedTimestamp: new Date(one.updated),
      DriftInformation: driftOf(one),
    })),
    ...next,
  };
}

function told({ logicalId, physicalId, type, status, reason }: StackResource) {
  return {
    LogicalResourceId: logicalId,
    ...(physicalId !== undefined && { PhysicalResourceId: physicalId }),
    ResourceType: type,
    ResourceStatus: status,
    ...(reason !== undefined && { ResourceStatusReason: reason }),
  };
}

function driftOf({ drift }: StackResource) {
  return {
    StackResourceDriftStatus: drift?.status ?? ('NOT_CHECKED' as const),
    ...(drift && { LastCheckTimestamp: new Date(drift.at) }),
  };
}

/** The stack that a resource is of. */
function ownerOf(call: Call, physicalId: string | undefined): Stack {
  if (physicalId === undefined) throw invalid('Either StackName or PhysicalResourceId must be specified.');
  const owner = Object.values(stackStore(call.world, call.account, call.region).stacks).find(
    (stack) =>
      stackNamed(call, stack.name) === stack &&
      Object.values(stack.resources).some((one) => one.physicalId === physicalId),
  );
  if (owner) return owner;
  throw invalid(`Stack for ${physicalId} does not exist`);
}

const lost = (logicalId: string, stack: Stack) =>
  invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`);
