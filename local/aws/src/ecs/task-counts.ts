import type { TaskRun } from './task-state.ts';

export function running(tasks: readonly TaskRun[]): number {
  return tasks.filter((task) => task.lastStatus === 'RUNNING').length;
}

export function pending(tasks: readonly TaskRun[]): number {
  return tasks.filter((task) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus)).length;
}
