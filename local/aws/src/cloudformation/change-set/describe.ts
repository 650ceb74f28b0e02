import type {
  Change,
  DescribeChangeSetCommandInput,
  DescribeChangeSetCommandOutput,
  ListChangeSetsCommandInput,
  ListChangeSetsCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { tagList } from '../../iam/policies.ts';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { findChangeSet, findStack, wasExecuted } from '../find-stack.ts';
import { page } from '../page.ts';
import { toldParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';

const CHANGES = 100; // of one page

export function describeChangeSet(
  given: DescribeChangeSetCommandInput,
  call: Call,
): Output<DescribeChangeSetCommandOutput> {
  const { stack, changeSet } = findChangeSet(call, given);
  const { input } = changeSet;
  const { items, next } = page(changeSet.changes, given.NextToken, CHANGES);
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    ...(changeSet.description !== undefined && { Description: changeSet.description }),
    Parameters: toldParameters(parseTemplate(input.template), input.parameters),
    CreationTime: new Date(changeSet.created),
    ExecutionStatus: changeSet.execution,
    Status: changeSet.status,
    ...(changeSet.reason !== undefined && { StatusReason: changeSet.reason }),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: [...input.capabilities] as never, // as they were given, each checked by its use
    Tags: tagList(input.tags),
    Changes: given.IncludePropertyValues ? [...items] : items.map(withoutValues),
    IncludeNestedStacks: false,
    ImportExistingResources: false,
    ...(changeSet.onStackFailure !== undefined && { OnStackFailure: changeSet.onStackFailure }),
    ...next,
  };
}

/** Values are told only to those who ask for them. */
function withoutValues({ ResourceChange, ...change }: Change): Change {
  const { BeforeContext: _before, AfterContext: _after, Details = [], ...rest } = ResourceChange ?? {};
  return {
    ...change,
    ResourceChange: {
      ...rest,
      Details: Details.map(({ Target, ...detail }) => {
        const {
          Path: _path,
          BeforeValue: _old,
          AfterValue: _new,
          AttributeChangeType: _kind,
          ...target
        } = Target ?? {};
        return { ...detail, Target: target };
      }),
    },
  };
}

export function listChangeSets(
  { StackName = '', NextToken }: ListChangeSetsCommandInput,
  call: Call,
): Output<ListChangeSetsCommandOutput> {
  const stack = findStack(call, StackName);
  const { items, next } = page(
    Object.values(stack.changeSets).filter((one) => !wasExecuted(one)),
    NextToken,
    CHANGES,
  );
  return {
    Summaries: items.map(({ id, name, created, status, reason, execution, description }) => ({
      StackId: stack.id,
      StackName: stack.name,
      ChangeSetId: id,
      ChangeSetName: name,
      ExecutionStatus: execution,
      Status: status,
      ...(reason !== undefined && { StatusReason: reason }),
      CreationTime: new Date(created),
      ...(description !== undefined && { Description: description }),
      IncludeNestedStacks: false,
      ImportExistingResources: false,
    })),
    ...next,
  };
}
