import { randomUUID } from 'node:crypto';
import type {
  DeleteChangeSetCommandInput,
  ExecuteChangeSetCommandInput,
  OnStackFailure,
} from '@aws-sdk/client-cloudformation';
import { AwsError, type Call } from '../../world/service.ts';
import { actingFor } from '../engine/acting.ts';
import { stackEngineOf } from '../engine/engine.ts';
import { findChangeSet } from '../find-stack.ts';
import type { ChangeSet, Stack } from '../state.ts';
import { demandUpdatable } from '../updatable.ts';

/** Begins what a change set says. All other change sets of the stack go: they were made for what it was. */
export function executeChangeSet(given: ExecuteChangeSetCommandInput, call: Call): object {
  const { stack, changeSet } = findChangeSet(call, given);
  const { ClientRequestToken: token } = given;
  if (
    stack.operation &&
    token !== undefined &&
    stack.operation.token === token &&
    stack.changeSet === changeSet.id
  )
    return {};
  if (changeSet.execution !== 'AVAILABLE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.execution === 'UNAVAILABLE' ? changeSet.status : changeSet.execution}]`,
    );
  if (stack.status !== 'REVIEW_IN_PROGRESS') demandUpdatable(stack);
  const first = stack.status === 'REVIEW_IN_PROGRESS';
  const principal = actingFor(call, stack.roleArn, stack.id);
  for (const id of Object.keys(stack.changeSets)) if (id !== changeSet.id) delete stack.changeSets[id];
  changeSet.execution = 'EXECUTE_IN_PROGRESS';
  stack.changeSet = changeSet.id;
  if (!first) stack.updated = Math.round(call.world.clock.now());
  stackEngineOf(call.world).begin(
    { account: call.account, region: call.region, id: stack.id },
    {
      kind: changeSet.kind === 'IMPORT' ? 'import' : first ? 'create' : 'update',
      id: randomUUID(),
      ...(token !== undefined && { token }),
      principal,
      wanted: changeSet.input,
      ...(stack.applied && { before: stack.applied }),
      imports: changeSet.imports,
      onFailure: onFailureOf(given, stack, changeSet),
      retainExceptOnCreate: given.RetainExceptOnCreate ?? false,
      leave: [],
      phase: 'settle',
      steps: [],
      undo: {},
      leftovers: [],
      stopping: false,
    },
  );
  return {};
}

function onFailureOf(
  given: ExecuteChangeSetCommandInput,
  stack: Stack,
  changeSet: ChangeSet,
): OnStackFailure {
  if (given.DisableRollback) return 'DO_NOTHING';
  return changeSet.onStackFailure ?? (stack.disableRollback ? 'DO_NOTHING' : 'ROLLBACK');
}

/** A stack that was only ever under review stays so: nobody deletes it but DeleteStack. */
export function deleteChangeSet(given: DeleteChangeSetCommandInput, call: Call): object {
  const { stack, changeSet } = foundOrNothing(call, given);
  if (!stack || !changeSet) return {}; // "If the call successfully completes, CloudFormation successfully deleted the change set."
  if (changeSet.execution === 'EXECUTE_IN_PROGRESS')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be deleted in its current status of [${changeSet.execution}]`,
    );
  delete stack.changeSets[changeSet.id];
  call.world.touched();
  return {};
}

function foundOrNothing(
  call: Call,
  given: DeleteChangeSetCommandInput,
): { readonly stack?: Stack; readonly changeSet?: ChangeSet } {
  try {
    return findChangeSet(call, given);
  } catch (thrown) {
    if (thrown instanceof AwsError && thrown.code === 'ChangeSetNotFoundException') return {};
    throw thrown;
  }
}
