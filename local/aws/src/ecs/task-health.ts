import { balancersOf, type Draft, event, isWanted } from './draft.ts';
import type { TargetNews } from './happening.ts';
import { deactivated, stop } from './task-end.ts';
import { failed } from './task-failure.ts';
import type { ContainerHealth, Task } from './task-state.ts';

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

export function containerNews(draft: Draft, task: Task, name: string, health: ContainerHealth): void {
  const container = task.containers.find((one) => one.name === name);
  if (!container) return;
  container.health = health;
  if (!container.checked || !isWanted(task)) return;
  if (health === 'UNHEALTHY') {
    task.checkFailed = true;
    event(draft, `(task ${task.id}) failed container health checks.`);
  }
  weigh(draft, task);
}

/** Judges a RUNNING task by its targets and its containers; the grace period only delays its end. */
export function weigh(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'RUNNING' || !isWanted(task)) return;
  const failing = failingCheck(task);
  const graceUntil = (task.startedAt ?? 0) + draft.service.settings.gracePeriodSeconds * 1_000;
  if (failing !== undefined) {
    task.healthy = false;
    if (draft.at.now < graceUntil) return;
    failed(draft, task, 'unhealthy');
    stop(draft, task, `Task failed ${failing}`);
    return;
  }
  const targets = Object.values(task.targets).every((standing) => standing === 'healthy');
  const containers = task.containers.every(({ checked, health }) => !checked || health === 'HEALTHY');
  if (targets && containers) turnHealthy(draft, task);
}

function failingCheck(task: Task): string | undefined {
  if (task.containers.some(({ checked, health }) => checked && health === 'UNHEALTHY'))
    return 'container health checks';
  const [group] = Object.entries(task.targets).find(([, standing]) => standing === 'unhealthy') ?? [];
  return group === undefined ? undefined : `ELB health checks in (target-group ${group})`;
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
