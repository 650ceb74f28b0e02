import { balancersOf, type Draft, event, isOver, isWanted, later } from './draft.ts';
import type { TaskEnd } from './happening.ts';
import { failed } from './task-failure.ts';
import type { StopCode, Task, TaskRun } from './task-state.ts';

export const DEPROVISIONING = 1_000;
/** Stopped tasks stay visible for an hour. */
export const REMEMBERED = 3_600_000;

/** Asks a task to end: its targets drain first, then its containers get SIGTERM. */
export function stop(
  draft: Draft,
  task: Task,
  reason: string,
  code: StopCode = 'ServiceSchedulerInitiated',
): void {
  if (!isWanted(task)) return;
  task.desiredStatus = 'STOPPED';
  task.healthy = false;
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = draft.at.now;
  switch (task.lastStatus) {
    case 'PROVISIONING':
      deprovision(draft, task);
      return;
    case 'ACTIVATING':
    case 'RUNNING': {
      task.lastStatus = 'DEACTIVATING';
      const draining = deregister(draft, task);
      if (draining === 0) {
        deactivated(draft, task);
        return;
      }
      event(draft, `has begun draining connections on ${draining} tasks.`);
      return;
    }
    default:
      draft.effects.push({ kind: 'stop', task: task.id });
  }
}

function deregister(draft: Draft, task: Task): number {
  const left = balancersOf(draft, task).filter(({ targetGroupArn }) =>
    ['initial', 'healthy', 'unhealthy'].includes(task.targets[targetGroupArn] ?? 'gone'),
  );
  for (const { targetGroupArn, port } of left) {
    draft.effects.push({ kind: 'deregister', task: task.id, targetGroupArn, port });
    event(draft, `deregistered 1 targets in (target-group ${targetGroupArn})`);
  }
  return left.length;
}

/** Its targets are gone: now its containers may end. */
export function deactivated(draft: Draft, task: Task): void {
  if (Object.values(task.targets).some((standing) => standing !== 'gone')) return;
  task.lastStatus = 'STOPPING';
  draft.effects.push({ kind: 'stop', task: task.id });
}

/** Everything in the task has ended. */
export function ended(draft: Draft, task: Task, end: TaskEnd): void {
  if (task.lastStatus === 'DEPROVISIONING' || isOver(task)) return;
  const onItsOwn = isWanted(task);
  endContainers(task, end);
  if (onItsOwn) {
    endedByItself(task, end, draft.at.now);
    task.healthy = false;
    const ran = task.startedAt !== undefined;
    const unproved = task.checkFailed || task.containers.some(({ checked }) => checked);
    failed(draft, task, ran ? (unproved && !task.provedHealthy ? 'unhealthy' : 'exited') : 'never-ran');
    deregister(draft, task);
  }
  deprovision(draft, task);
}

/** Writes down how each container ended. */
export function endContainers(task: TaskRun, end: TaskEnd): void {
  for (const container of task.containers) {
    container.lastStatus = 'STOPPED';
    const exit = end.kind === 'exited' ? end.exits[container.name] : undefined;
    container.exitCode = exit?.exitCode;
    container.reason = exit?.reason;
    if (end.kind === 'cannot-start' && container.name === end.container) container.reason = end.reason;
    if (end.kind === 'cannot-start' && !end.reason.startsWith('CannotStart')) container.digest = undefined;
  }
}

/** Nobody had asked for it. */
export function endedByItself(task: TaskRun, end: TaskEnd, now: number): void {
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = now;
  task.stopCode = end.kind === 'cannot-start' ? 'TaskFailedToStart' : 'EssentialContainerExited';
  task.stoppedReason =
    end.kind === 'cannot-start' ? (end.taskReason ?? end.reason) : 'Essential container in task exited';
}

function deprovision(draft: Draft, task: Task): void {
  task.lastStatus = 'DEPROVISIONING';
  task.executionStoppedAt = draft.at.now;
  later(draft, DEPROVISIONING, { kind: 'released', task: task.id });
}

export function released(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'DEPROVISIONING') return;
  task.lastStatus = 'STOPPED';
  task.stoppedAt = draft.at.now;
  later(draft, REMEMBERED, { kind: 'forgotten', task: task.id });
}
