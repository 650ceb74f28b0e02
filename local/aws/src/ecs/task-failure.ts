import { breakerCounts, breakerThreshold, type TaskFailure } from './breaker.ts';
import { trip } from './deployments.ts';
import { type Draft, event, later, openOf, primaryOf } from './draft.ts';
import type { Deployment } from './state.ts';
import type { Task } from './task-state.ts';

/** Counts a failure against the task's deployment, and lets the circuit breaker judge. */
export function failed(draft: Draft, task: Task, failure: TaskFailure): void {
  const { service } = draft;
  const deployment = service.deployments.find((one) => one.id === task.deployment);
  if (!deployment) return;
  if (!task.provedHealthy) slowDown(draft, deployment);
  if (failure === 'exited') return;
  deployment.failedTasks += 1;
  const running = service.tasks.filter(
    (one) => one.deployment === task.deployment && one.id !== task.id && one.lastStatus === 'RUNNING',
  ).length;
  if (breakerCounts(failure, running)) deployment.breakerFailures += 1;
  watchBreaker(draft);
  const judged = service.settings.breaker.enable && deployment === primaryOf(draft);
  if (!judged || deployment.rollout !== 'IN_PROGRESS') return;
  const threshold = breakerThreshold(service.settings.breaker, service.settings.desiredCount);
  if (deployment.breakerFailures >= threshold) trip(draft, deployment);
}

/** Five in a row that never turned healthy: the next starts wait, longer each time, up to 15 minutes. */
function slowDown(draft: Draft, deployment: Deployment): void {
  const { service, at } = draft;
  deployment.barren += 1;
  if (deployment.barren < 5) return;
  service.restartAfter = at.now + Math.min(900_000, 10_000 * 2 ** (deployment.barren - 5));
  later(draft, service.restartAfter - at.now, { kind: 'look' });
  event(draft, 'is unable to consistently start tasks successfully.');
}

/** Keeps the open service deployment's view of the breaker true. */
export function watchBreaker(draft: Draft): void {
  const open = openOf(draft);
  const primary = primaryOf(draft);
  if (!open || !primary || open.rollback) return;
  open.breaker.failureCount = primary.breakerFailures;
  open.breaker.threshold = breakerThreshold(
    draft.service.settings.breaker,
    draft.service.settings.desiredCount,
  );
}
