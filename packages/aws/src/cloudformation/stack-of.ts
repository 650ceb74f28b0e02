import type { Output, Parameter, Stack } from '@aws-sdk/client-cloudformation';
import type { StackSeen } from '@tenant-delivery/provisioning/ports';
import { required } from '../errors/translate.ts';

export function stackOf(stack: Stack): StackSeen {
  return {
    id: required(stack.StackId, 'Stacks[0].StackId'),
    name: required(stack.StackName, 'Stacks[0].StackName'),
    status: required(stack.StackStatus, 'Stacks[0].StackStatus'),
    reason: stack.StackStatusReason,
    parameters: parametersOf(stack.Parameters),
    outputs: outputsOf(stack.Outputs),
    terminationProtection: stack.EnableTerminationProtection ?? false,
  };
}

/** CloudFormation leaves the list out where a template has no parameters. */
export function parametersOf(parameters: readonly Parameter[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    parameters.map(({ ParameterKey, ParameterValue }) => [
      required(ParameterKey, 'Parameters[].ParameterKey'),
      required(ParameterValue, 'Parameters[].ParameterValue'),
    ]),
  );
}

function outputsOf(outputs: readonly Output[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    outputs.map(({ OutputKey, OutputValue }) => [
      required(OutputKey, 'Outputs[].OutputKey'),
      required(OutputValue, 'Outputs[].OutputValue'),
    ]),
  );
}
