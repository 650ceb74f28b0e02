import { abortOnRequest, beginDeployment, pickUp, rollBackOnRequest } from './deployments.ts';
import { type Draft, draftOf, isOver, isWanted, later, openOf, taskOf } from './draft.ts';
import type { Context, Effect, Happening } from './happening.ts';
import { hookAnswered, hookExpired } from './hook-answer.ts';
import { settle } from './settle.ts';
import { stageDue, waitAgain } from './stages.ts';
import type { ServiceState } from './state.ts';
import { ended, released, stop } from './task-end.ts';
import { containerNews, targetNews, weigh } from './task-health.ts';
import { activated, lasted, provisioned, pulled, started } from './task-start.ts';
import type { Task } from './task-state.ts';

/**
 * The scheduler, as a function: a service and one happening give the service afterwards and what must be done
 * because of it. The given service is not touched. A happening that no longer concerns anything changes nothing.
 */
export function advance(
  service: ServiceState,
  happening: Happening,
  at: Context,
): { readonly service: ServiceState; readonly effects: readonly Effect[] } {
  const draft: Draft = { service: draftOf(service), effects: [], at };
  happen(draft, happening);
  settle(draft);
  return draft;
}

function happen(draft: Draft, happening: Happening): void {
  switch (happening.kind) {
    case 'look':
      return;
    case 'updated':
      draft.service.settings = structuredClone(happening.settings);
      if (happening.deploy) beginDeployment(draft);
      return;
    case 'begun':
      pickUp(draft, happening.deployment);
      return;
    case 'rollback-requested':
      requestRollback(draft, happening.serviceDeployment);
      return;
    case 'rollback-due':
      rollBackOnRequest(draft, happening.serviceDeployment);
      return;
    case 'abort-requested':
      requestAbort(draft, happening.serviceDeployment);
      return;
    case 'abort-due':
      abortOnRequest(draft, happening.serviceDeployment);
      return;
    case 'stage-due':
      stageDue(draft, happening.serviceDeployment, happening.turn);
      return;
    case 'hook-answered':
      hookAnswered(draft, happening.serviceDeployment, happening.hook, happening.action);
      return;
    case 'hook-expired':
      hookExpired(draft, happening.serviceDeployment, happening.hook);
      return;
    case 'restarted':
      restart(draft);
      return;
    case 'forgotten':
      draft.service.tasks = draft.service.tasks.filter((task) => task.id !== happening.task || !isOver(task));
      return;
    default: {
      const task = taskOf(draft, happening.task);
      if (task && !isOver(task)) {
        taskHappening(draft, task, happening);
        return;
      }
    }
  }
}

function taskHappening(draft: Draft, task: Task, happening: Extract<Happening, { task: string }>): void {
  switch (happening.kind) {
    case 'provisioned':
      provisioned(draft, task);
      return;
    case 'pulled':
      pulled(draft, task, happening);
      return;
    case 'started':
      started(draft, task);
      return;
    case 'activated':
      activated(draft, task);
      return;
    case 'lasted':
      lasted(draft, task);
      return;
    case 'target':
      targetNews(draft, task, happening.targetGroupArn, happening.news);
      return;
    case 'grace-over':
      weigh(draft, task);
      return;
    case 'container-health':
      containerNews(draft, task, happening.container, happening.health);
      return;
    case 'ended':
      ended(draft, task, happening.end);
      return;
    case 'stop-requested':
      stop(draft, task, happening.stop.reason, happening.stop.code);
      return;
    case 'released':
      released(draft, task);
      return;
    case 'forgotten':
      return;
  }
}

function requestRollback(draft: Draft, arn: string): void {
  const open = openOf(draft);
  if (open?.arn !== arn || (open.status !== 'PENDING' && open.status !== 'IN_PROGRESS')) return;
  open.status = 'ROLLBACK_REQUESTED';
  open.updatedAt = draft.at.now;
  later(draft, 1_000, { kind: 'rollback-due', serviceDeployment: arn });
}

function requestAbort(draft: Draft, arn: string): void {
  const open = openOf(draft);
  if (open?.arn !== arn || (open.status !== 'PENDING' && open.status !== 'IN_PROGRESS')) return;
  open.status = 'STOP_REQUESTED';
  open.updatedAt = draft.at.now;
  later(draft, 1_000, { kind: 'abort-due', serviceDeployment: arn });
}

/** No process outlived the emulator: its tasks are over, and the scheduler starts others. Nobody's failure. */
function restart(draft: Draft): void {
  for (const task of draft.service.tasks.filter((one) => !isOver(one))) {
    if (isWanted(task)) {
      task.stopCode = 'ServiceSchedulerInitiated';
      task.stoppedReason = 'local-aws was started again';
    }
    task.desiredStatus = 'STOPPED';
    task.healthy = false;
    task.lastStatus = 'STOPPED';
    task.stoppedAt = draft.at.now;
    task.stoppingAt ??= draft.at.now;
  }
  draft.service.tasks = draft.service.tasks.filter(
    (task) => draft.at.now - (task.stoppedAt ?? 0) < 3_600_000,
  );
  const [primary] = draft.service.deployments;
  if (primary) pickUp(draft, primary.id);
  const open = openOf(draft);
  if (open?.status === 'ROLLBACK_REQUESTED')
    later(draft, 0, { kind: 'rollback-due', serviceDeployment: open.arn });
  if (open?.status === 'STOP_REQUESTED') later(draft, 0, { kind: 'abort-due', serviceDeployment: open.arn });
  if (open) waitAgain(draft, open);
  draft.service.restartAfter = 0;
}
