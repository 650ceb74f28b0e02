import { randomUUID } from 'node:crypto';
import type { DeleteStackCommandInput } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../world/service.ts';
import { actingFor } from '../engine/acting.ts';
import { stackEngineOf } from '../engine/engine.ts';
import { setStatus } from '../engine/events.ts';
import { stackNamed } from '../find-stack.ts';
import { invalid, notHere } from '../template/refusals.ts';

/** Deletes a stack with its resources; of one that is gone, or never was, it says nothing. */
export function deleteStack(given: DeleteStackCommandInput, call: Call): object {
  const { StackName = '', RetainResources = [], RoleARN, ClientRequestToken: token, DeletionMode } = given;
  if (DeletionMode === 'FORCE_DELETE_STACK') throw notHere('DeletionMode FORCE_DELETE_STACK');
  const stack = stackNamed(call, StackName);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
  if (stack.protected)
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  if (stack.status.endsWith('_IN_PROGRESS') && stack.operation)
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
  if (RetainResources.length > 0 && stack.status !== 'DELETE_FAILED')
    throw invalid(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  const wanted = stack.applied;
  if (!wanted) {
    setStatus(call.world, stack, 'DELETE_COMPLETE');
    return {};
  }
  const principal = actingFor(call, RoleARN ?? stack.roleArn, stack.id);
  stackEngineOf(call.world).begin(
    { account: call.account, region: call.region, id: stack.id },
    {
      kind: 'delete',
      id: randomUUID(),
      ...(token !== undefined && { token }),
      principal,
      wanted,
      imports: {},
      onFailure: 'DO_NOTHING',
      retainExceptOnCreate: false,
      leave: RetainResources,
      phase: 'remove',
      steps: [],
      undo: {},
      leftovers: [],
      stopping: false,
    },
  );
  return {};
}
