import { type Draft, event, isWanted, openOf } from './draft.ts';
import { headCount, twoSided } from './head-count.ts';
import { leastUseful, reconcile, type TaskView } from './reconcile.ts';
import type { Deployment } from './state.ts';
import { stop } from './task-end.ts';
import { couldNotPlace, launch } from './task-start.ts';
import type { Task } from './task-state.ts';

/** What the scheduler does in one go. */
interface Orders {
  readonly start: readonly { readonly deployment: Deployment; readonly tasks: number }[];
  /** Task ids. */
  readonly stop: readonly string[];
  readonly stuck: boolean;
}

/** Starts and stops tasks until there are those that there should be. */
export function schedule(draft: Draft, primary: Deployment): void {
  const { service, at } = draft;
  const wanted = service.tasks.filter(isWanted);
  const orders = ordersOf(draft, primary, wanted);
  const stopping = wanted.filter((task) => orders.stop.includes(task.id));
  for (const task of stopping) stop(draft, task, `Scaling activity initiated by (deployment ${primary.id})`);
  if (stopping.length > 0) event(draft, `has stopped ${stopping.length} running tasks: ${list(stopping)}.`);
  if (orders.stuck) {
    event(
      draft,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
  }
  if (at.now < service.restartAfter) return;
  for (const { deployment, tasks } of orders.start) {
    const started = launchUpTo(tasks, draft, deployment);
    if (started.length > 0) event(draft, `has started ${started.length} tasks: ${list(started)}.`);
    if (started.length < tasks) couldNotPlace(draft, deployment);
  }
}

function ordersOf(draft: Draft, primary: Deployment, wanted: readonly Task[]): Orders {
  const { service } = draft;
  const failed = primary.rollout === 'FAILED';
  const view = (task: Task): TaskView => ({
    id: task.id,
    zone: task.subnet.zone,
    primary: task.deployment === primary.id,
    healthy: task.healthy,
  });
  const sides = twoSided(service);
  if (!sides) {
    const { start, stop, stuck } = reconcile(wanted.map(view), {
      desiredCount: service.settings.desiredCount,
      minimumHealthyPercent: service.settings.minimumHealthyPercent,
      maximumPercent: service.settings.maximumPercent,
      primary: failed ? 'failed' : primary.begun ? 'launching' : 'pending',
      cleanUp: primary.rollout === 'COMPLETED' || openOf(draft)?.progress.stage === 'CLEAN_UP',
    });
    return { start: [{ deployment: primary, tasks: start }], stop, stuck };
  }
  if (!primary.begun && !failed) return { start: [], stop: [], stuck: false };
  const heads = service.deployments.map((deployment) => {
    const own = wanted.filter((task) => task.deployment === deployment.id);
    return { deployment, own, ...headCount(service, sides, deployment) };
  });
  return {
    start: heads
      .filter(({ launches, tasks, own }) => launches && tasks > own.length)
      .map(({ deployment, tasks, own }) => ({ deployment, tasks: tasks - own.length })),
    stop: heads.flatMap(({ own, tasks }) =>
      leastUseful(own.map(view), own.length - tasks).map(({ id }) => id),
    ),
    stuck: false,
  };
}

/** Where there is no room for one, there is none for the next. */
function launchUpTo(count: number, draft: Draft, deployment: Deployment): readonly Task[] {
  const started: Task[] = [];
  while (started.length < count) {
    const task = launch(draft, deployment);
    if (!task) break;
    started.push(task);
  }
  return started;
}

const list = (tasks: readonly { id: string }[]) => tasks.map((task) => `(task ${task.id})`).join(' ');
