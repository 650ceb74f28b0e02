import type {
  GetStackPolicyCommandInput,
  GetStackPolicyCommandOutput,
  SetStackPolicyCommandInput,
  UpdateTerminationProtectionCommandInput,
  UpdateTerminationProtectionCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { findStack } from '../find-stack.ts';
import { readStackPolicy } from '../stack-policy.ts';
import { invalid, notHere } from '../template/refusals.ts';

/** Once a stack has a policy it has one for ever; another can be set. */
export function setStackPolicy(
  { StackName = '', StackPolicyBody, StackPolicyURL }: SetStackPolicyCommandInput,
  call: Call,
): object {
  if (StackPolicyURL !== undefined) throw notHere('stack policies by URL');
  if (StackPolicyBody === undefined)
    throw invalid('You must specify either StackPolicyBody or StackPolicyURL.');
  const stack = findStack(call, StackName);
  readStackPolicy(StackPolicyBody);
  stack.policy = StackPolicyBody;
  call.world.touched();
  return {};
}

export function getStackPolicy(
  { StackName = '' }: GetStackPolicyCommandInput,
  call: Call,
): Output<GetStackPolicyCommandOutput> {
  const { policy } = findStack(call, StackName);
  return policy === undefined ? {} : { StackPolicyBody: policy };
}

export function updateTerminationProtection(
  { StackName = '', EnableTerminationProtection = false }: UpdateTerminationProtectionCommandInput,
  call: Call,
): Output<UpdateTerminationProtectionCommandOutput> {
  const stack = findStack(call, StackName);
  stack.protected = EnableTerminationProtection;
  call.world.touched();
  return { StackId: stack.id };
}
