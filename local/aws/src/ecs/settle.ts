import { watchAlarms } from './deployment-alarms.ts';
import { complete } from './deployments.ts';
import { type Draft, isOver, openOf, primaryOf } from './draft.ts';
import { saySteady } from './events.ts';
import { headCount, twoSided } from './head-count.ts';
import { endRolling, isSettled } from './rolling-end.ts';
import { schedule } from './schedule.ts';
import { passStage } from './stages.ts';
import type { Deployment } from './state.ts';
import { watchBreaker } from './task-failure.ts';

/** After every happening: start and stop what the rules want, then see whether the deployment goes on or is through. */
export function settle(draft: Draft): void {
  const { service } = draft;
  const primary = primaryOf(draft);
  if (!primary) return;
  schedule(draft, primary);
  forgetEmpty(draft, primary);
  watchBreaker(draft);
  if (goOn(draft, primary)) {
    settle(draft);
    return;
  }
  const settled = isSettled(draft, primary);
  if (settled && !service.steady) saySteady(service, { now: draft.at.now, id: draft.at.names.uuid() });
  service.steady = settled;
}

/** Takes the next step of the open deployment, if it is due, and answers whether tasks must follow. */
function goOn(draft: Draft, primary: Deployment): boolean {
  const open = openOf(draft);
  if (!open || !primary.begun || primary.rollout !== 'IN_PROGRESS') return false;
  if (open.status !== 'IN_PROGRESS' && open.status !== 'ROLLBACK_IN_PROGRESS') return false;
  if (watchAlarms(draft, open)) return true;
  if (!open.plan.twoSided) return endRolling(draft, open, primary);
  if (open.progress.stage !== 'CLEAN_UP') return passStage(draft, open);
  if (isSettled(draft, primary)) complete(draft, primary);
  return false;
}

/** A deployment that is neither PRIMARY nor has a task, and is to have none, is listed no longer. */
function forgetEmpty({ service }: Draft, primary: Deployment): void {
  const sides = twoSided(service);
  service.deployments = service.deployments.filter(
    (one) =>
      one === primary ||
      service.tasks.some((task) => task.deployment === one.id && !isOver(task)) ||
      (sides && headCount(service, sides, one).tasks > 0),
  );
}
