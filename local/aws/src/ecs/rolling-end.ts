import { complete } from './deployments.ts';
import { type Draft, isOver, isWanted, later } from './draft.ts';
import type { EarlySuccess } from './rollout-plan.ts';
import { isWhole } from './stages.ts';
import type { Deployment, ServiceDeployment } from './state.ts';

/** How long ECS goes on watching alarms: it computes it from them, "less than 5 minutes". Virtual milliseconds. */
const ALARM_BAKE = 180_000;

/**
 * Brings a rolling deployment to its end: enough healthy tasks, then the bake time of its alarms, then the old tasks
 * gone, unless they may go afterwards. Answers whether tasks must follow.
 */
export function endRolling(draft: Draft, open: ServiceDeployment, primary: Deployment): boolean {
  const { progress, plan } = open;
  const early = open.rollback ? undefined : plan.earlySuccess;
  const reached = early ? hasEnough(draft, primary, early) : isSettled(draft, primary);
  if (!reached) return false;
  if (progress.stage === 'SCALE_UP' && open.alarms.status === 'MONITORING' && !open.rollback) {
    progress.stage = 'BAKE_TIME';
    progress.until = draft.at.now + ALARM_BAKE;
    later(draft, ALARM_BAKE, { kind: 'look' });
  }
  if (progress.stage === 'BAKE_TIME' && draft.at.now < (progress.until ?? 0)) return false;
  const cleaned = !early || early.cleanup === 'DEFERRED' || hasNoOther(draft, primary);
  if (cleaned) complete(draft, primary);
  else if (progress.stage !== 'CLEAN_UP') progress.stage = 'CLEAN_UP';
  else return false;
  return true;
}

/** Nothing but the healthy tasks of the PRIMARY deployment is left. */
export function isSettled(draft: Draft, primary: Deployment): boolean {
  const live = draft.service.tasks.filter((task) => !isOver(task));
  return (
    primary.rollout !== 'FAILED' &&
    live.length === draft.service.settings.desiredCount &&
    isWhole(draft, primary.revision) &&
    hasNoOther(draft, primary)
  );
}

function hasNoOther({ service }: Draft, primary: Deployment): boolean {
  return service.tasks.every((task) => isOver(task) || task.deployment === primary.id);
}

function hasEnough({ service }: Draft, primary: Deployment, { healthyPercent }: EarlySuccess): boolean {
  const healthy = service.tasks.filter(
    (task) => task.deployment === primary.id && isWanted(task) && task.healthy,
  );
  return healthy.length >= Math.ceil((service.settings.desiredCount * healthyPercent) / 100);
}
