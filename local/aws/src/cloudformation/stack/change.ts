import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  CancelUpdateStackCommandInput,
  ContinueUpdateRollbackCommandInput,
  CreateStackCommandInput,
  CreateStackCommandOutput,
  UpdateStackCommandInput,
  UpdateStackCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { planChanges } from '../change-set/plan-changes.ts';
import { actingFor } from '../engine/acting.ts';
import { stackEngineOf } from '../engine/engine.ts';
import type { Operation } from '../engine/operation.ts';
import { findStack, stackNamed } from '../find-stack.ts';
import { inputOf } from '../input.ts';
import { newStack } from '../new-stack.ts';
import { readStackPolicy } from '../stack-policy.ts';
import type { Input, Stack } from '../state.ts';
import { parseTemplate } from '../template/parse.ts';
import { invalid, notHere } from '../template/refusals.ts';
import { demandUpdatable } from '../updatable.ts';

const NOT_HERE = [
  'ResourceTypes',
  'RollbackConfiguration',
  'NotificationARNs',
  'StackPolicyURL',
  'TimeoutInMinutes',
  'DeploymentConfig',
];

export function createStack(given: CreateStackCommandInput, call: Call): Output<CreateStackCommandOutput> {
  const {
    StackName = '',
    ClientRequestToken: token,
    RoleARN,
    StackPolicyBody,
    OnFailure,
    DisableRollback,
  } = given;
  refuseOthers(given);
  const known = stackNamed(call, StackName);
  if (known && token !== undefined && known.operation?.token === token) return { StackId: known.id };
  if (known) throw new AwsError('AlreadyExistsException', `Stack [${StackName}] already exists`);
  if (OnFailure !== undefined && DisableRollback !== undefined)
    throw invalid('You can specify either DisableRollback or OnFailure, but not both.');
  const { input } = inputOf(given, undefined);
  if (StackPolicyBody !== undefined) readStackPolicy(StackPolicyBody);
  const principal = actingFor(call, RoleARN, `stack/${StackName}`);
  const stack = newStack(call, StackName);
  if (RoleARN !== undefined) stack.roleArn = RoleARN;
  if (StackPolicyBody !== undefined) stack.policy = StackPolicyBody;
  stack.protected = given.EnableTerminationProtection ?? false;
  stack.disableRollback = DisableRollback ?? false;
  const onFailure = DisableRollback ? 'DO_NOTHING' : (OnFailure ?? 'ROLLBACK');
  const retainExceptOnCreate = given.RetainExceptOnCreate ?? false;
  start(call, stack, { kind: 'create', token, principal, wanted: input, onFailure, retainExceptOnCreate });
  return { StackId: stack.id };
}

export function updateStack(given: UpdateStackCommandInput, call: Call): Output<UpdateStackCommandOutput> {
  const {
    StackName = '',
    ClientRequestToken: token,
    RoleARN,
    StackPolicyBody,
    StackPolicyDuringUpdateBody,
  } = given;
  refuseOthers(given);
  const stack = findStack(call, StackName);
  if (token !== undefined && stack.operation?.token === token) return { StackId: stack.id };
  demandUpdatable(stack);
  const { input } = inputOf(given, stack);
  for (const policy of [StackPolicyBody, StackPolicyDuringUpdateBody])
    if (policy !== undefined) readStackPolicy(policy);
  const { world, account, region } = call;
  if (
    isSame(stack.applied, input) &&
    planChanges({ world, account, region, stack, input, imports: {} }).length === 0
  )
    throw invalid('No updates are to be performed.');
  const principal = actingFor(call, RoleARN ?? stack.roleArn, stack.id);
  if (RoleARN !== undefined) stack.roleArn = RoleARN;
  if (StackPolicyBody !== undefined) stack.policy = StackPolicyBody;
  stack.updated = Math.round(world.clock.now());
  start(call, stack, {
    kind: 'update',
    token,
    principal,
    wanted: input,
    policy: StackPolicyDuringUpdateBody,
    onFailure: given.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK',
    retainExceptOnCreate: given.RetainExceptOnCreate ?? false,
  });
  return { StackId: stack.id };
}

/** Outputs and tags; resources are compared by planning them. */
function isSame(applied: Input | undefined, input: Input): boolean {
  if (!applied) return false;
  const outputs = ({ template }: Input) => parseTemplate(template).outputs;
  return isDeepStrictEqual(outputs(applied), outputs(input)) && isDeepStrictEqual(applied.tags, input.tags);
}

type Beginning = Pick<Operation, 'kind' | 'principal' | 'wanted' | 'onFailure' | 'retainExceptOnCreate'> & {
  readonly token: string | undefined;
  readonly policy?: string | undefined;
};

function start(call: Call, stack: Stack, { token, policy, ...beginning }: Beginning): void {
  for (const id of Object.keys(stack.changeSets)) delete stack.changeSets[id];
  stackEngineOf(call.world).begin(
    { account: call.account, region: call.region, id: stack.id },
    {
      ...beginning,
      id: randomUUID(),
      ...(token !== undefined && { token }),
      ...(policy !== undefined && { policy }),
      ...(stack.applied && { before: stack.applied }),
      imports: {},
      leave: [],
      phase: 'settle',
      steps: [],
      undo: {},
      leftovers: [],
      stopping: false,
    },
  );
}

export function cancelUpdateStack({ StackName = '' }: CancelUpdateStackCommandInput, call: Call): object {
  const stack = findStack(call, StackName);
  if (stack.status !== 'UPDATE_IN_PROGRESS')
    throw invalid(`CancelUpdateStack cannot be called from current stack status ${stack.status}`);
  stackEngineOf(call.world).cancel({ account: call.account, region: call.region, id: stack.id });
  return {};
}

/** Takes a rollback that failed up again, without the resources that are to be skipped. */
export function continueUpdateRollback(
  { StackName = '', RoleARN, ResourcesToSkip = [] }: ContinueUpdateRollbackCommandInput,
  call: Call,
): object {
  const stack = findStack(call, StackName);
  const { operation } = stack;
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !operation)
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
  const failed = ResourcesToSkip.filter((id) => stack.resources[id]?.status !== 'UPDATE_FAILED');
  if (failed.length > 0)
    throw invalid(
      `Resources [${failed.join(', ')}] are not in the state UPDATE_FAILED and can not be skipped.`,
    );
  const principal = actingFor(call, RoleARN ?? stack.roleArn, stack.id);
  stack.operation = { ...operation, principal, leave: ResourcesToSkip };
  stackEngineOf(call.world).retry({ account: call.account, region: call.region, id: stack.id }, 'undo');
  return {};
}

function refuseOthers(given: object): void {
  for (const option of NOT_HERE) {
    const value = Reflect.get(given, option);
    if (value && !(Array.isArray(value) && value.length === 0)) throw notHere(`${option} of a stack`);
  }
}
