import { complete } from './deployments.ts';
import { type Draft, event, isOver, isWanted, primaryOf } from './draft.ts';
import { saySteady } from './events.ts';
import { reconcile } from './reconcile.ts';
import type { Deployment } from './state.ts';
import { stop } from './task-end.ts';
import { watchBreaker } from './task-failure.ts';
import { couldNotPlace, launch } from './task-start.ts';

/** After every happening: start and stop what the rules want, then see whether the deployment is through. */
export function settle(draft: Draft): void {
  const primary = primaryOf(draft);
  if (!primary) return;
  schedule(draft, primary);
  const { service } = draft;
  service.deployments = service.deployments.filter(
    (one) => one === primary || service.tasks.some((task) => task.deployment === one.id && !isOver(task)),
  );
  watchBreaker(draft);
  const settled = isSettled(draft, primary);
  if (settled && primary.rollout === 'IN_PROGRESS' && primary.begun) complete(draft, primary);
  if (settled && !service.steady) saySteady(service, { now: draft.at.now, id: draft.at.names.uuid() });
  service.steady = settled;
}

function schedule(draft: Draft, primary: Deployment): void {
  const { service, at } = draft;
  const wanted = service.tasks.filter(isWanted);
  const step = reconcile(
    wanted.map((task) => ({
      id: task.id,
      zone: task.subnet.zone,
      primary: task.deployment === primary.id,
      healthy: task.healthy,
    })),
    {
      desiredCount: service.settings.desiredCount,
      minimumHealthyPercent: service.settings.minimumHealthyPercent,
      maximumPercent: service.settings.maximumPercent,
      primary: primary.rollout === 'FAILED' ? 'failed' : primary.begun ? 'launching' : 'pending',
    },
  );
  const stopping = wanted.filter((task) => step.stop.includes(task.id));
  for (const task of stopping) stop(draft, task, `Scaling activity initiated by (deployment ${primary.id})`);
  if (stopping.length > 0) event(draft, `has stopped ${stopping.length} running tasks: ${list(stopping)}.`);
  if (step.stuck) {
    event(
      draft,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
  }
  if (at.now < service.restartAfter) return;
  const started = Array.from({ length: step.start }, () => launch(draft, primary)).filter(
    (task) => task !== undefined,
  );
  if (started.length > 0) event(draft, `has started ${started.length} tasks: ${list(started)}.`);
  if (started.length < step.start) couldNotPlace(draft);
}

function isSettled({ service }: Draft, primary: Deployment): boolean {
  const live = service.tasks.filter((task) => !isOver(task));
  return (
    primary.rollout !== 'FAILED' &&
    live.length === service.settings.desiredCount &&
    live.every((task) => task.deployment === primary.id && task.healthy)
  );
}

const list = (tasks: readonly { id: string }[]) => tasks.map((task) => `(task ${task.id})`).join(' ');
