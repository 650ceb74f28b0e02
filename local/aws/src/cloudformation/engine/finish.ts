import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { resolve } from '../template/intrinsics.ts';
import { setStatus } from './events.ts';
import { COURSES, type Phase } from './operation.ts';
import { resourcesOf, scopeOf } from './scope.ts';
import { makingFor, type Work } from './work.ts';

/** What follows a phase: the next one, or the stack's last status of this operation. */
export function following({ operation }: Work, failed: boolean): StackStatus | Phase {
  const course = COURSES[operation.kind][operation.phase];
  if (!course) throw new Error(`${operation.kind} has no phase ${operation.phase}`);
  if (!failed) return course.ok;
  if (operation.phase === 'settle' && operation.onFailure === 'DO_NOTHING')
    return operation.kind === 'create' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
  if (operation.phase === 'settle' && operation.kind === 'create' && operation.onFailure === 'DELETE')
    return 'remove';
  return course.failed;
}

/** The first status of a phase, with the reason that AWS gives for it. */
export function enterStatus(work: Work, phase: Phase, failed: readonly string[]): void {
  const { world, stack, operation } = work;
  const course = COURSES[operation.kind][phase];
  if (!course) throw new Error(`${operation.kind} has no phase ${phase}`);
  const begins = phase === 'settle' || operation.kind === 'delete';
  setStatus(world, stack, course.during, begins ? 'User Initiated' : failedReason(work, failed));
}

/** Ends the operation with a status; what was not brought about is no longer what the stack is. */
export function end(work: Work, status: StackStatus, failed: readonly string[]): void {
  const { world, stack, operation } = work;
  const good = status.endsWith('_COMPLETE') && !status.includes('ROLLBACK') && status !== 'DELETE_COMPLETE';
  if (good) {
    stack.outputs = outputsOf(work);
    dropGone(work);
  }
  if (status.startsWith('UPDATE_ROLLBACK') || status.startsWith('IMPORT_ROLLBACK')) {
    if (operation.before) stack.applied = operation.before;
    else delete stack.applied; // a first import that failed leaves a stack of nothing
    for (const id of Object.keys(operation.imports)) delete stack.resources[id];
  }
  setStatus(world, stack, status, failedReason(work, failed));
  const executed = stack.changeSets[stack.changeSet ?? ''];
  if (executed?.execution === 'EXECUTE_IN_PROGRESS')
    executed.execution = good ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
  const continues = status === 'UPDATE_ROLLBACK_FAILED';
  if (!continues) stack.operation = undefined;
  world.touched();
}

/** `The following resource(s) failed to create: [A, B].` */
function failedReason({ stack, operation }: Work, failed: readonly string[]): string | undefined {
  if (failed.length === 0) return undefined;
  const by = (what: string) => failed.filter((id) => stack.resources[id]?.status === `${what}_FAILED`);
  const sentences = ['CREATE', 'UPDATE', 'IMPORT', 'DELETE'].flatMap((what) =>
    by(what).length > 0
      ? [`The following resource(s) failed to ${what.toLowerCase()}: [${by(what).sort().join(', ')}].`]
      : [],
  );
  const rollback =
    operation.kind === 'create' && operation.phase === 'undo' ? ' Rollback requested by user.' : '';
  return `${sentences.join(' ')}${rollback}` || undefined;
}

function outputsOf(work: Work) {
  const { world, stack, operation, template } = work;
  const live = resourcesOf(world, stack, (id) => {
    const resource = stack.resources[id];
    if (!resource) throw new Error(`${id} is not there`);
    return makingFor(work, resource, resource.properties);
  });
  const scope = scopeOf({ ...work, parameters: operation.wanted.parameters }, live);
  return Object.entries(template.outputs).map(([key, { value, description }]) => ({
    key,
    value: String(resolve(value, scope)),
    ...(description !== undefined && { description }),
  }));
}

/** Resources that the template has no more, once they are gone or left behind. */
function dropGone({ stack, template }: Work): void {
  for (const id of Object.keys(stack.resources)) if (!(id in template.resources)) delete stack.resources[id];
}
