import { randomUUID } from 'node:crypto';
import type { RollbackStackCommandInput, RollbackStackCommandOutput } from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { actingFor } from '../engine/acting.ts';
import { stackEngineOf } from '../engine/engine.ts';
import { findStack } from '../find-stack.ts';
import { invalid, notHere } from '../template/refusals.ts';

/**
 * Takes a failed operation back whose rollback was disabled. A stack that never was in a stable state is deleted
 * ("RollbackStack", API reference).
 */
export function rollbackStack(
  given: RollbackStackCommandInput,
  call: Call,
): Output<RollbackStackCommandOutput> {
  const { StackName = '', RoleARN, ClientRequestToken: token, RetainExceptOnCreate } = given;
  if (given.DeploymentConfig) throw notHere('DeploymentConfig of a stack');
  const stack = findStack(call, StackName);
  if (token !== undefined && stack.operation?.token === token) return { StackId: stack.id };
  if (stack.status === 'UPDATE_FAILED') throw notHere('RollbackStack of a stack in UPDATE_FAILED state');
  if (stack.status !== 'CREATE_FAILED' || !stack.applied)
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  if (stack.protected)
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  // assumes cloudformation-rolled-back-creation-is-deleted
  const principal = actingFor(call, RoleARN ?? stack.roleArn, stack.id);
  stackEngineOf(call.world).begin(
    { account: call.account, region: call.region, id: stack.id },
    {
      kind: 'create',
      id: randomUUID(),
      ...(token !== undefined && { token }),
      principal,
      wanted: stack.applied,
      imports: {},
      onFailure: 'DO_NOTHING',
      retainExceptOnCreate: RetainExceptOnCreate ?? false,
      leave: [],
      phase: 'remove',
      steps: [],
      undo: {},
      leftovers: [],
      stopping: false,
    },
  );
  return { StackId: stack.id };
}
