import { balancersOf, type Draft, event, isWanted } from './draft.ts';
import type { TargetNews } from './happening.ts';
import type { Task } from './state.ts';
import { deactivated, stop } from './task-end.ts';
import { failed } from './task-failure.ts';

export function targetNews(draft: Draft, task: Task, targetGroupArn: string, news: TargetNews): void {
  if (news.state === 'gone') {
    task.targets[targetGroupArn] = 'gone';
    if (task.lastStatus === 'DEACTIVATING') deactivated(draft, task);
    return;
  }
  if (!isWanted(task) || task.targets[targetGroupArn] === undefined) return;
  if (news.state === 'checked') {
    task.checkFailed = true;
    return;
  }
  task.targets[targetGroupArn] = news.state;
  if (news.state === 'unhealthy') {
    task.checkFailed = true;
    const port = balancersOf(draft, task).find((one) => one.targetGroupArn === targetGroupArn)?.port;
    event(
      draft,
      `(task ${task.id}) (port ${port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${news.description})`,
    );
  }
  weigh(draft, task);
}

/** Judges a RUNNING task by its targets; the grace period only delays its end. */
export function weigh(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'RUNNING' || !isWanted(task)) return;
  const standings = Object.entries(task.targets);
  const failing = standings.find(([, standing]) => standing === 'unhealthy');
  const graceUntil = (task.startedAt ?? 0) + draft.service.settings.gracePeriodSeconds * 1_000;
  if (failing) {
    task.healthy = false;
    if (draft.at.now < graceUntil) return;
    failed(draft, task, 'unhealthy');
    stop(draft, task, `Task failed ELB health checks in (target-group ${failing[0]})`);
    return;
  }
  if (standings.every(([, standing]) => standing === 'healthy')) turnHealthy(draft, task);
}

export function turnHealthy(draft: Draft, task: Task): void {
  task.healthy = true;
  task.provedHealthy = true;
  const deployment = draft.service.deployments.find((one) => one.id === task.deployment);
  if (!deployment) return;
  deployment.failedTasks = 0;
  deployment.barren = 0;
  if (draft.service.settings.breaker.resetOnHealthyTask) deployment.breakerFailures = 0;
}
