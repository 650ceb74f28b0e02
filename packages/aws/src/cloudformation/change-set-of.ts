import type {
  Change,
  ChangeSetSummary,
  DescribeChangeSetOutput,
  ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import type {
  ChangeSet,
  ChangeSetListed,
  PropertyChange,
  ResourceChange,
} from '@tenant-delivery/provisioning/ports';
import { required } from '../errors/translate.ts';
import { parametersOf } from './stack-of.ts';

/** A change set whose pages were all read. */
export function changeSetOf(pages: readonly DescribeChangeSetOutput[]): ChangeSet {
  const first = required(pages[0], 'a page of the change set');
  const isOne = pages.every(({ ChangeSetId }) => ChangeSetId === first.ChangeSetId); // or it was replaced meanwhile
  return {
    id: required(isOne ? first.ChangeSetId : undefined, 'the same ChangeSetId on all pages'),
    status: required(first.Status, 'Status'),
    reason: first.StatusReason,
    execution: required(first.ExecutionStatus, 'ExecutionStatus'),
    parameters: parametersOf(first.Parameters),
    changes: pages.flatMap(({ Changes = [] }) => Changes.map(resourceChangeOf)), // none while it is being made
  };
}

export function listedOf({ ChangeSetName, Status }: ChangeSetSummary): ChangeSetListed {
  return {
    name: required(ChangeSetName, 'Summaries[].ChangeSetName'),
    status: required(Status, 'Summaries[].Status'),
  };
}

function resourceChangeOf({ ResourceChange: change }: Change): ResourceChange {
  const found = required(change, 'Changes[].ResourceChange');
  return {
    logicalId: required(found.LogicalResourceId, 'Changes[].ResourceChange.LogicalResourceId'),
    type: required(found.ResourceType, 'Changes[].ResourceChange.ResourceType'),
    id: found.PhysicalResourceId || undefined,
    action: required(found.Action, 'Changes[].ResourceChange.Action'),
    replacement: found.Replacement,
    policyAction: found.PolicyAction,
    properties: (found.Details ?? []).flatMap(propertyChangeOf),
  };
}

/**
 * The path without `/Properties` in front: `/CidrBlock`, as drift names it too. A detail that is dynamic and one that is
 * static may be about the same property; both say the same of it.
 */
function propertyChangeOf({ Target: target }: ResourceChangeDetail): readonly PropertyChange[] {
  const path = target?.Path ?? target?.Name ?? target?.Attribute;
  if (path === undefined) return [];
  return [
    { path: path.replace(/^\/Properties(?=\/)/, ''), before: target?.BeforeValue, after: target?.AfterValue },
  ];
}
