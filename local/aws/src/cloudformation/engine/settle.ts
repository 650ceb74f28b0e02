import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { refusedOne } from '../change-set/imports.ts';
import { changedNames, customNameStays, isReplaced } from '../compare-properties.ts';
import type { Properties } from '../resource-type.ts';
import { policyRefusal } from '../stack-policy.ts';
import type { StackResource } from '../state.ts';
import { fitProperties } from '../template/fit-properties.ts';
import { resolve } from '../template/intrinsics.ts';
import { withStackTags } from '../template/stack-tags.ts';
import { setResourceStatus } from './events.ts';
import { handlerReason } from './handler-error.ts';
import { resourcesOf, scopeOf } from './scope.ts';
import { makingFor, StepFailed, settled, typeOf, type Work } from './work.ts';

/** Makes one resource what the template says: creates, imports, changes or replaces it, or finds that nothing is to do. */
export async function settleResource(work: Work, logicalId: string): Promise<void> {
  const wanted = work.template.resources[logicalId];
  if (!wanted) throw new Error(`${logicalId} is not in the template`);
  const { stack, operation } = work;
  const known = stack.resources[logicalId];
  const said = {
    after: wanted.after.filter((id) => id in work.template.resources),
    deletionPolicy: wanted.deletionPolicy,
    updateReplacePolicy: wanted.updateReplacePolicy,
  };
  const { properties, mistakes } = propertiesOf(work, logicalId);
  if (known?.physicalId === undefined || known.status === 'DELETE_COMPLETE') {
    const fresh: StackResource = {
      ...said,
      logicalId,
      type: wanted.type,
      properties,
      status: 'CREATE_IN_PROGRESS',
      updated: work.world.clock.now(),
      token: operation.id,
    };
    stack.resources[logicalId] = fresh;
    operation.undo[logicalId] = { kind: 'made' };
    const imported = operation.imports[logicalId];
    await (imported === undefined ? create(work, fresh, mistakes) : takeIn(work, fresh, imported, mistakes));
    return;
  }
  const names = changedNames(known.properties, properties);
  if (names.length === 0) {
    if (JSON.stringify(said) !== JSON.stringify(saidOf(known)))
      operation.undo[logicalId] = { kind: 'changed', before: { ...known } };
    Object.assign(known, said);
    return;
  }
  const replaced = isReplaced(known.type, names);
  operation.undo[logicalId] = { kind: replaced ? 'replaced' : 'changed', before: { ...known } };
  await tell(work, known, 'UPDATE', async () => {
    const refused = policyRefusal(
      operation.policy ?? stack.policy,
      known,
      replaced ? 'Update:Replace' : 'Update:Modify',
    );
    if (refused !== undefined) throw new StepFailed(refused);
    demandNoMistakes(logicalId, mistakes);
    await (replaced ? replace(work, known, properties, said) : change(work, known, properties, said));
  });
}

const saidOf = ({ after, deletionPolicy, updateReplacePolicy }: StackResource) => ({
  after,
  deletionPolicy,
  updateReplacePolicy,
});

function propertiesOf(work: Work, logicalId: string) {
  const { world, stack, operation, template } = work;
  const wanted = template.resources[logicalId];
  const live = resourcesOf(world, stack, (id) => {
    const resource = stack.resources[id];
    if (!resource) throw new Error(`${id} is not there`);
    return makingFor(work, resource, resource.properties);
  });
  const scope = scopeOf({ ...work, parameters: operation.wanted.parameters }, live);
  const resolved = Object(resolve(wanted?.properties, scope)) as Properties; // of an object, an object
  return fitProperties(
    wanted?.type ?? '',
    withStackTags(wanted?.type ?? '', resolved, operation.wanted.tags),
  );
}

async function create(work: Work, resource: StackResource, mistakes: readonly string[]): Promise<void> {
  const { world, stack } = work;
  await tell(work, resource, 'CREATE', async () => {
    demandNoMistakes(resource.logicalId, mistakes);
    const made = makingFor(work, resource, resource.properties);
    const type = typeOf(resource.type);
    const id = await type.create(world, made);
    resource.physicalId = id;
    setResourceStatus(world, stack, resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
    await settled(work, () => type.stable?.(world, id, made) ?? true);
  });
}

/** Takes what is there into the stack, unless another one took it since the change set was made. */
async function takeIn(
  work: Work,
  resource: StackResource,
  id: string,
  mistakes: readonly string[],
): Promise<void> {
  const { stack } = work;
  const { logicalId, type } = resource;
  await tell(work, resource, 'IMPORT', async () => {
    demandNoMistakes(logicalId, mistakes);
    const refused = refusedOne(work, stack, { logicalId, id, type });
    if (refused !== undefined) throw new StepFailed(refused);
    await settled(work, () => true);
    resource.physicalId = id;
  });
}

type Said = ReturnType<typeof saidOf>;

async function change(
  work: Work,
  resource: StackResource,
  properties: Properties,
  said: Said,
): Promise<void> {
  const { world } = work;
  const { physicalId = '', properties: before } = resource;
  const made = makingFor(work, resource, properties);
  const type = typeOf(resource.type);
  await type.update(world, physicalId, made, before);
  Object.assign(resource, said, { properties });
  await settled(work, () => type.stable?.(world, physicalId, made) ?? true);
}

async function replace(
  work: Work,
  resource: StackResource,
  properties: Properties,
  said: Said,
): Promise<void> {
  const { world, stack, operation } = work;
  const { logicalId, type: named } = resource;
  if (customNameStays(named, resource.properties, properties))
    throw new StepFailed(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${resource.physicalId} and update the stack again.`,
    );
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  setResourceStatus(world, stack, resource, 'UPDATE_IN_PROGRESS', reason);
  const old = { ...resource };
  const made = makingFor(work, { logicalId, token: operation.id }, properties);
  const type = typeOf(named);
  const id = await type.create(world, made);
  Object.assign(resource, said, { properties, physicalId: id, token: operation.id });
  setResourceStatus(world, stack, resource, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated');
  operation.leftovers.push({ logicalId, resource: old, keep: said.updateReplacePolicy === 'Retain' });
  await settled(work, () => type.stable?.(world, id, made) ?? true);
}

/** Says how it goes: `_IN_PROGRESS`, then `_COMPLETE` or `_FAILED` with the reason. */
export async function tell(
  { world, stack, operation }: Work,
  resource: StackResource,
  what: 'CREATE' | 'UPDATE' | 'IMPORT' | 'DELETE',
  act: () => Promise<void>,
): Promise<void> {
  const status = (end: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED') => `${what}_${end}` as ResourceStatus; // all twelve are
  setResourceStatus(world, stack, resource, status('IN_PROGRESS'));
  try {
    await act();
  } catch (thrown) {
    const reason =
      thrown instanceof StepFailed ? thrown.message : handlerReason(thrown, resource.type, operation.id);
    setResourceStatus(world, stack, resource, status('FAILED'), reason);
    throw new StepFailed(reason);
  }
  setResourceStatus(world, stack, resource, status('COMPLETE'));
}

function demandNoMistakes(logicalId: string, mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  throw new StepFailed(
    `Properties validation failed for resource ${logicalId} with message:\n[${mistakes.join(', ')}]`,
  );
}
