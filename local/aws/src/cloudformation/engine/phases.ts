import { policyRefusal } from '../stack-policy.ts';
import type { StackResource } from '../state.ts';
import { setResourceStatus } from './events.ts';
import type { Leftover, Phase, Step } from './operation.ts';
import type { Work } from './work.ts';

/** The steps of a phase, each after those that it must wait for. */
export function stepsOf(work: Work, phase: Phase): Step[] {
  switch (phase) {
    case 'settle':
      return settleSteps(work);
    case 'undo':
      return work.operation.kind === 'update' ? restoreSteps(work) : removeSteps(made(work));
    case 'remove':
      return removeSteps(Object.values(work.stack.resources).filter(isThere));
    case 'clean':
      work.operation.leftovers.push(...dropped(work).map(leftoverOf));
      return leftoverSteps(work.operation.leftovers);
    case 'clean-undone':
      return leftoverSteps(work.operation.leftovers);
  }
}

/** Whether a resource stays when it is removed: by its policy, or because somebody said so. */
export function isKept({ operation }: Work, { deletionPolicy, logicalId }: StackResource): boolean {
  if (operation.leave.includes(logicalId)) return true;
  const undone = operation.phase === 'undo' || operation.kind === 'create'; // a creation that failed and is taken back
  if (!undone) return deletionPolicy !== 'Delete';
  // assumes cloudformation-rollback-keeps-retained
  return deletionPolicy === 'Retain' && !operation.retainExceptOnCreate;
}

/** Resources that the template has no more and the stack policy keeps from going; an event says so of each. */
export function refusedRemovals(work: Work): readonly StackResource[] {
  const { world, stack, operation } = work;
  if (operation.kind !== 'update') return [];
  return dropped(work).filter((resource) => {
    const reason = policyRefusal(operation.policy ?? stack.policy, resource, 'Update:Delete');
    if (reason !== undefined) setResourceStatus(world, stack, resource, 'UPDATE_FAILED', reason);
    return reason !== undefined;
  });
}

function settleSteps({ template }: Work): Step[] {
  const ids = Object.keys(template.resources);
  return ids.map((id) => ({
    id,
    does: 'settle',
    logicalId: id,
    after: (template.resources[id]?.after ?? []).filter((other) => ids.includes(other)),
    state: 'waiting',
  }));
}

function restoreSteps({ operation }: Work): Step[] {
  const undone = Object.entries(operation.undo).filter(([id]) => !operation.leave.includes(id));
  const ids = undone.map(([id]) => id);
  return undone.map(([id, undo]) => ({
    id,
    does: 'restore',
    logicalId: id,
    after: undo.kind === 'made' ? [] : undo.before.after.filter((other) => ids.includes(other)),
    state: 'waiting',
  }));
}

/** What this operation made, and did not import. */
function made({ stack, operation }: Work): readonly StackResource[] {
  return Object.keys(operation.undo)
    .filter((id) => operation.imports[id] === undefined)
    .flatMap((id) => stack.resources[id] ?? []);
}

/** What others need goes after them. */
function removeSteps(resources: readonly StackResource[]): Step[] {
  return resources.map(({ logicalId }) => ({
    id: logicalId,
    does: 'remove',
    logicalId,
    after: resources.filter(({ after }) => after.includes(logicalId)).map((one) => one.logicalId),
    state: 'waiting',
  }));
}

function leftoverSteps(leftovers: readonly Leftover[]): Step[] {
  const named = leftovers.map((leftover, i) => ({ ...leftover, id: String(i) }));
  return named.map(({ id, logicalId }) => ({
    id,
    does: 'remove-leftover',
    logicalId,
    after: named.filter(({ resource }) => resource.after.includes(logicalId)).map((one) => one.id),
    state: 'waiting',
  }));
}

function dropped({ stack, template }: Work): readonly StackResource[] {
  return Object.values(stack.resources).filter(
    (one) => isThere(one) && !(one.logicalId in template.resources),
  );
}

function leftoverOf(resource: StackResource): Leftover {
  return { logicalId: resource.logicalId, resource, keep: resource.deletionPolicy !== 'Delete' };
}

function isThere({ physicalId, status }: StackResource): boolean {
  return physicalId !== undefined && status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED';
}
