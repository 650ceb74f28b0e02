import type { Context } from './happening.ts';
import type { ContainerPlan, Subnet } from './state.ts';
import type { TaskRun } from './task-state.ts';

/** A task that has a place and nothing else yet. */
export function newTask(
  containers: readonly ContainerPlan[],
  place: { readonly subnet: Subnet; readonly address: string },
  { now, names }: Pick<Context, 'now' | 'names'>,
): TaskRun {
  return {
    id: names.hex(32),
    ...place,
    attachment: names.uuid(),
    networkInterface: `eni-${names.hex(17)}`,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    createdAt: now,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    containers: containers.map(({ name, image }) => ({
      name,
      image,
      digest: undefined,
      lastStatus: 'PENDING',
      exitCode: undefined,
      reason: undefined,
      health: 'UNKNOWN',
      checked: false,
    })),
  };
}
