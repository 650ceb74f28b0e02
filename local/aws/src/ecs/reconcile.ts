/** One task that is wanted (desired status RUNNING), as the scheduler weighs it. */
export interface TaskView {
  readonly id: string;
  readonly zone: string;
  /** Of the PRIMARY deployment. */
  readonly primary: boolean;
  readonly healthy: boolean;
}

export interface Wanted {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** `failed`: the PRIMARY deployment was given up and launches nothing more. */
  readonly primary: 'launching' | 'pending' | 'failed';
  /** The deployment has enough healthy tasks: old ones go even where new ones are still to come. */
  readonly cleanUp: boolean;
}

export interface SchedulerStep {
  /** Tasks of the PRIMARY deployment to start now. */
  readonly start: number;
  /** Tasks to stop now. */
  readonly stop: readonly string[];
  /** Minimum and maximum leave no room to go on, whatever happens. */
  readonly stuck: boolean;
}

/** Healthy tasks that must stay: the minimum is rounded up, and never above what is desired. */
export function lowerBound({ desiredCount, minimumHealthyPercent }: Wanted): number {
  return Math.min(desiredCount, Math.ceil((desiredCount * minimumHealthyPercent) / 100));
}

/** Tasks that may run or start at one time: the maximum is rounded down. */
export function upperBound({ desiredCount, maximumPercent }: Wanted): number {
  return Math.floor((desiredCount * maximumPercent) / 100);
}

/**
 * One step of a rolling update. Healthy old tasks stop only as far as the minimum allows, and only when new ones
 * have taken their place or when the maximum leaves no room to start one ("Amazon ECS rolling updates").
 */
export function reconcile(tasks: readonly TaskView[], wanted: Wanted): SchedulerStep {
  if (wanted.primary === 'pending') return { start: 0, stop: [], stuck: false };
  const primary = tasks.filter((task) => task.primary);
  const old = tasks.filter((task) => !task.primary);
  const healthyNew = primary.filter((task) => task.healthy).length;
  const healthyOld = old.filter((task) => task.healthy);
  const failingOld = wanted.primary === 'failed' ? [] : old.filter((task) => !task.healthy);

  const surplus = leastUseful(primary, primary.length - wanted.desiredCount);
  const missing =
    wanted.primary === 'failed' ? 0 : Math.max(0, wanted.desiredCount - (primary.length - surplus.length));
  const standing = tasks.length - failingOld.length - surplus.length;
  const room = Math.max(0, upperBound(wanted) - standing);
  const start = Math.min(missing, room);

  const replaced = healthyOld.length - Math.max(0, wanted.desiredCount - healthyNew);
  const inTheWay = missing - start;
  const spare = Math.max(0, healthyNew + healthyOld.length - lowerBound(wanted));
  const leaving = wanted.cleanUp ? healthyOld.length : Math.max(replaced, inTheWay);
  const yielding = leastUseful(healthyOld, Math.min(leaving, spare));

  const stop = [...failingOld, ...yielding, ...surplus].map((task) => task.id);
  const allSettled = tasks.every((task) => task.healthy);
  return { start, stop, stuck: inTheWay > 0 && start === 0 && stop.length === 0 && allSettled };
}

/** Those that contribute least: not healthy first, then from the fullest zone. */
export function leastUseful(tasks: readonly TaskView[], count: number): readonly TaskView[] {
  const left = [...tasks];
  const chosen: TaskView[] = [];
  while (chosen.length < count && left.length > 0) {
    const load = (zone: string) => left.filter((task) => task.zone === zone).length;
    left.sort((a, b) => Number(a.healthy) - Number(b.healthy) || load(b.zone) - load(a.zone));
    chosen.push(...left.splice(0, 1));
  }
  return chosen;
}
