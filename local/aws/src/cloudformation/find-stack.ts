import { AwsError, type Call } from '../world/service.ts';
import { type ChangeSet, type Stack, stackStore } from './state.ts';
import { invalid } from './template/refusals.ts';

/** A stack by its name, or by its id: then one that was deleted is found too. */
export function stackNamed({ world, account, region }: Call, name: string): Stack | undefined {
  const { stacks } = stackStore(world, account, region);
  if (name.startsWith('arn:')) return stacks[name];
  return Object.values(stacks).find((one) => one.name === name && one.status !== 'DELETE_COMPLETE');
}

export const wasExecuted = ({ execution }: ChangeSet) =>
  execution === 'EXECUTE_COMPLETE' || execution === 'EXECUTE_FAILED';

/** By its name a change set is known until it was executed; then its name is free again; assumes cloudformation-executed-by-id. */
export function changeSetNamed({ changeSets }: Stack, name: string): ChangeSet | undefined {
  return Object.values(changeSets).find((one) => one.name === name && !wasExecuted(one));
}

export function findStack(call: Call, name: string): Stack {
  const found = stackNamed(call, name);
  if (found) return found;
  throw invalid(`Stack [${name}] does not exist`);
}

/** A change set by its name in a stack, or by its id. */
export function findChangeSet(
  call: Call,
  {
    ChangeSetName = '',
    StackName,
  }: { readonly ChangeSetName?: string | undefined; readonly StackName?: string | undefined },
): { readonly stack: Stack; readonly changeSet: ChangeSet } {
  if (!ChangeSetName.startsWith('arn:') && StackName === undefined)
    throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const { stacks } = stackStore(call.world, call.account, call.region);
  const within = StackName === undefined ? Object.values(stacks) : [findStack(call, StackName)];
  for (const stack of within) {
    const changeSet = stack.changeSets[ChangeSetName] ?? changeSetNamed(stack, ChangeSetName);
    if (changeSet) return { stack, changeSet };
  }
  throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${ChangeSetName}] does not exist`, 404);
}
