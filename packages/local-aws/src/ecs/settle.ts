import { complete } from './deployments.ts';
import { type Draft, isOver, openOf, primaryOf } from './draft.ts';
import { saySteady } from './events.ts';
import { headCount, twoSided } from './head-count.ts';
import { isTwoSided } from './rollout-plan.ts';
import { schedule } from './schedule.ts';
import { passStage } from './stages.ts';
import type { Deployment } from './state.ts';
import { watchBreaker } from './task-failure.ts';

/** After every happening: start and stop what the rules want, then see whether the deployment goes on or is through. */
export function settle(draft: Draft): void {
  const { service } = draft;
  let primary = primaryOf(draft);
  if (!primary) return;
  do {
    schedule(draft, primary);
    forgetEmpty(draft, primary);
    watchBreaker(draft);
    primary = primaryOf(draft) ?? primary;
  } while (goOn(draft, primary));
  const settled = isSettled(draft, primary);
  if (settled && !service.steady) saySteady(service, { now: draft.at.now, id: draft.at.names.uuid() });
  service.steady = settled;
}

/** Whether something changed that tasks must follow. */
function goOn(draft: Draft, primary: Deployment): boolean {
  const open = openOf(draft);
  if (open && passStage(draft, open)) return true;
  const cleaned = !open || !isTwoSided(open.plan) || open.progress.stage === 'CLEAN_UP';
  const through = cleaned && primary.begun && primary.rollout === 'IN_PROGRESS';
  if (through && isSettled(draft, primary)) complete(draft, primary);
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

function isSettled({ service }: Draft, primary: Deployment): boolean {
  const live = service.tasks.filter((task) => !isOver(task));
  return (
    primary.rollout !== 'FAILED' &&
    live.length === service.settings.desiredCount &&
    live.every((task) => task.deployment === primary.id && task.healthy)
  );
}
