import type { StopOrder, TaskEnd } from '../happening.ts';
import { DEPROVISIONING, endContainers, endedByItself, REMEMBERED } from '../task-end.ts';
import type { ContainerHealth, TaskRun } from '../task-state.ts';

/** Everything that can happen to a task that no scheduler looks after. */
export type OneOffHappening =
  | { readonly kind: 'provisioned' }
  | { readonly kind: 'pulled'; readonly digests: Readonly<Record<string, string>> }
  | { readonly kind: 'started' }
  | { readonly kind: 'container-health'; readonly container: string; readonly health: ContainerHealth }
  | { readonly kind: 'stop-requested'; readonly stop: StopOrder }
  | { readonly kind: 'ended'; readonly end: TaskEnd }
  | { readonly kind: 'released' }
  | { readonly kind: 'forgotten' };

export type OneOffEffect =
  | { readonly kind: 'later'; readonly milliseconds: number; readonly happening: OneOffHappening }
  | { readonly kind: 'run' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'forget' };

/** Works one happening into a task, which is changed, and says what must be done. */
export function live(task: TaskRun, happening: OneOffHappening, now: number): readonly OneOffEffect[] {
  switch (happening.kind) {
    case 'provisioned':
      if (task.lastStatus !== 'PROVISIONING') return [];
      task.lastStatus = 'PENDING';
      task.pullStartedAt = now;
      return [{ kind: 'run' }];
    case 'pulled':
      task.pullStoppedAt = now;
      for (const container of task.containers) container.digest = happening.digests[container.name];
      return [];
    case 'started':
      if (task.lastStatus !== 'PENDING' || task.desiredStatus === 'STOPPED') return [];
      task.lastStatus = 'RUNNING';
      task.startedAt = now;
      for (const container of task.containers) container.lastStatus = 'RUNNING';
      return [];
    case 'container-health':
      for (const container of task.containers)
        if (container.name === happening.container) container.health = happening.health;
      return [];
    case 'stop-requested':
      return stop(task, happening.stop, now);
    case 'ended':
      return ended(task, happening.end, now);
    case 'released':
      task.lastStatus = 'STOPPED';
      task.stoppedAt = now;
      return [{ kind: 'later', milliseconds: REMEMBERED, happening: { kind: 'forgotten' } }];
    case 'forgotten':
      return [{ kind: 'forget' }];
  }
}

function stop(task: TaskRun, { code, reason }: StopOrder, now: number): readonly OneOffEffect[] {
  if (task.desiredStatus === 'STOPPED') return [];
  task.desiredStatus = 'STOPPED';
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = now;
  if (task.lastStatus === 'PROVISIONING') return deprovision(task, now);
  if (task.lastStatus === 'RUNNING') task.lastStatus = 'STOPPING';
  return [{ kind: 'stop' }];
}

function ended(task: TaskRun, end: TaskEnd, now: number): readonly OneOffEffect[] {
  if (task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED') return [];
  endContainers(task, end);
  if (task.desiredStatus === 'RUNNING') endedByItself(task, end, now);
  return deprovision(task, now);
}

function deprovision(task: TaskRun, now: number): readonly OneOffEffect[] {
  task.lastStatus = 'DEPROVISIONING';
  task.executionStoppedAt = now;
  return [{ kind: 'later', milliseconds: DEPROVISIONING, happening: { kind: 'released' } }];
}
