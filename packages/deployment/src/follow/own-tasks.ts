import type { Task } from '../observed.ts';
import type { ServiceReader } from '../ports.ts';
import type { ServiceRef } from '../service-ref.ts';

/** By what the tasks of a deployment are known. */
export interface TaskOwner {
  readonly taskDefinition: string;
  /** `ecs-svc/…`; `null` when nobody knows it: then the task definition alone decides. */
  readonly rollout: string | null;
}

/**
 * The one rule for which tasks are a deployment's: they run its task definition, and name no other deployment in
 * `startedBy`. An older deployment of the same task definition and a newer one of the service have tasks too.
 */
export function isTaskOf(task: Task, { taskDefinition, rollout }: TaskOwner): boolean {
  return (
    task.taskDefinition === taskDefinition && (rollout === null || (task.startedBy ?? rollout) === rollout)
  );
}

/**
 * Running tasks that serve what a deployment has brought: its own. That tasks name their deployment is observed and not
 * promised by AWS, so where none names ours once it has ended, those of its task definition count.
 */
export function servingTasks(running: readonly Task[], owner: TaskOwner): readonly Task[] {
  const own = running.filter((task) => isTaskOf(task, owner));
  return own.length > 0 ? own : running.filter((task) => isTaskOf(task, { ...owner, rollout: null }));
}

/** Running tasks of a deployment. */
export async function ownTasks(
  services: Pick<ServiceReader, 'tasks'>,
  { names, target }: ServiceRef,
  owner: TaskOwner,
): Promise<readonly Task[]> {
  const running = await services.tasks(names.cluster, target.service, 'RUNNING');
  return running.filter((task) => isTaskOf(task, owner));
}

/** How many of these tasks are in each zone. */
export function tasksByZone(tasks: readonly Task[]): Readonly<Record<string, number>> {
  const zones = tasks.map(({ zone }) => zone ?? 'unknown').sort();
  return Object.fromEntries(zones.map((zone) => [zone, zones.filter((each) => each === zone).length]));
}
