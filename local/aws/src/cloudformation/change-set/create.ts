import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  CreateChangeSetCommandInput,
  CreateChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '../../services/output.ts';
import { partitionOf } from '../../world/partition.ts';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { actingFor } from '../engine/acting.ts';
import { setStatus } from '../engine/events.ts';
import { changeSetNamed, stackNamed } from '../find-stack.ts';
import { inputOf } from '../input.ts';
import { newStack } from '../new-stack.ts';
import { type ChangeSet, type Stack, stackStore } from '../state.ts';
import { parseTemplate } from '../template/parse.ts';
import { invalid, notHere } from '../template/refusals.ts';
import { demandUpdatable } from '../updatable.ts';
import { importsOf, refusedImport } from './imports.ts';
import { planChanges } from './plan-changes.ts';

const TAKES = 1_000; // virtual milliseconds until a change set is there
const EMPTY =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Options that AWS has and this double does not. */
const NOT_HERE = [
  'ResourceTypes',
  'RollbackConfiguration',
  'NotificationARNs',
  'IncludeNestedStacks',
  'ImportExistingResources',
  'DeploymentMode',
  'DeploymentConfig',
] as const;

export function createChangeSet(
  given: CreateChangeSetCommandInput,
  call: Call,
): Output<CreateChangeSetCommandOutput> {
  const { StackName = '', ChangeSetName = '', ChangeSetType = 'UPDATE', ClientToken } = given;
  for (const option of NOT_HERE) {
    const value = given[option];
    if (value && !(Array.isArray(value) && value.length === 0)) throw notHere(`${option} of a change set`);
  }
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(ChangeSetName))
    throw invalid(
      `1 validation error detected: Value '${ChangeSetName}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const known = stackNamed(call, StackName);
  const before = known && changeSetNamed(known, ChangeSetName);
  if (before && ClientToken !== undefined && before.clientToken === ClientToken)
    return { Id: before.id, StackId: known?.id };
  if (before) throw new AwsError('AlreadyExistsException', `ChangeSet ${ChangeSetName} already exists`, 400);
  demandFitting(known, StackName, ChangeSetName, ChangeSetType);
  const { input, parsed } = inputOf(given, known);
  const imports = importsOf(given, parsed, known);
  if (given.RoleARN !== undefined) actingFor(call, given.RoleARN, known?.id ?? `stack/${StackName}`);
  const stack = known ?? openStack(call, StackName);
  withinQuota(call, 'changeSets', Object.keys(stack.changeSets).length);
  if (given.RoleARN !== undefined) stack.roleArn = given.RoleARN;
  const changeSet: ChangeSet = {
    id: `arn:${partitionOf(call.region).partition}:cloudformation:${call.region}:${call.account}:changeSet/${ChangeSetName}/${randomUUID()}`,
    name: ChangeSetName,
    created: Math.round(call.world.clock.now()),
    kind: ChangeSetType,
    input,
    imports,
    ...(given.Description !== undefined && { description: given.Description }),
    ...(ClientToken !== undefined && { clientToken: ClientToken }),
    ...(given.OnStackFailure !== undefined && { onStackFailure: given.OnStackFailure }),
    status: 'CREATE_PENDING',
    execution: 'UNAVAILABLE',
    changes: [],
  };
  stack.changeSets[changeSet.id] = changeSet;
  call.world.touched();
  call.world.clock.after(TAKES, () => plan(call, stack.id, changeSet.id));
  return { Id: changeSet.id, StackId: stack.id };
}

function demandFitting(
  known: Stack | undefined,
  name: string,
  changeSet: string,
  kind: ChangeSet['kind'],
): void {
  const review = known === undefined || known.status === 'REVIEW_IN_PROGRESS';
  if (kind === 'CREATE' && !review)
    throw invalid(
      `Stack [${name}] already exists and cannot be created again with the changeSet [${changeSet}].`,
    );
  if (kind === 'UPDATE' && known === undefined) throw invalid(`Stack [${name}] does not exist`);
  if (kind === 'UPDATE' && review)
    throw invalid(`Stack:${known?.id} is in REVIEW_IN_PROGRESS state and can not be updated.`);
  if (known && !review) demandUpdatable(known);
}

function openStack(call: Call, name: string): Stack {
  const stack = newStack(call, name);
  setStatus(call.world, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return stack;
}

/** What the change set would do. Nothing at all, and what cannot be told, fail it. */
function plan({ world, account, region }: Call, stackId: string, id: string): void {
  const stack = stackStore(world, account, region).stacks[stackId];
  const changeSet = stack?.changeSets[id];
  if (!stack || !changeSet || changeSet.status !== 'CREATE_PENDING') return;
  const { input, imports } = changeSet;
  try {
    const refused = refusedImport({ world, account, region }, stack, imports, parseTemplate(input.template));
    if (refused !== undefined) throw invalid(refused);
    changeSet.changes = planChanges({ world, account, region, stack, input, imports });
    const empty = changeSet.changes.length === 0 && !changesElse(stack, changeSet);
    changeSet.status = empty ? 'FAILED' : 'CREATE_COMPLETE';
    changeSet.execution = empty ? 'UNAVAILABLE' : 'AVAILABLE';
    if (empty) changeSet.reason = EMPTY;
  } catch (thrown) {
    changeSet.status = 'FAILED';
    changeSet.reason = thrown instanceof AwsError ? thrown.message : `local-aws failed: ${thrown}`;
  }
  world.touched();
}

/** Outputs and tags are changes too, which no list of resources shows. */
function changesElse({ applied }: Stack, { input }: ChangeSet): boolean {
  if (!applied) return true;
  const outputs = ({ template }: { readonly template: string }) => parseTemplate(template).outputs;
  return !isDeepStrictEqual(outputs(applied), outputs(input)) || !isDeepStrictEqual(applied.tags, input.tags);
}
