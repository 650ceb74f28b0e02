import { type Draft, isOver, isWanted, later, openOf, primaryOf } from './draft.ts';
import { endPauses, isPaused, pause } from './pause.ts';
import type { PauseStage } from './rollout-plan.ts';
import type { ServiceDeployment, Stage } from './state.ts';
import { hasTestTraffic, shift } from './traffic.ts';

/** Virtual milliseconds that a stage lasts in which nothing is to be done, roughly. */
const PASSING = 5_000;
/** And one in which a listener rule changes. */
const SHIFTING = 10_000;

/** In the order of "Amazon ECS blue/green service deployments workflow". */
export const STAGES: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** The first stage, once the scheduler has picked the deployment up. More than one revision that runs is put in order first. */
export function beginStages(draft: Draft, open: ServiceDeployment): void {
  enter(draft, open, open.sources.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP');
}

/** A stage has lasted as long as it had to. */
export function stageDue(draft: Draft, arn: string, turn: number): void {
  const open = openOf(draft);
  if (open?.arn === arn && open.progress.turn === turn && moves(open)) proceed(draft, open);
}

/** Leaves a stage that waits for tasks, when they are there or gone. */
export function passStage(draft: Draft, open: ServiceDeployment): boolean {
  if (!moves(open)) return false;
  const { stage, shifted } = open.progress;
  if (stage === 'RECONCILE_SERVICE' && shifted === 0 && open.source !== undefined) {
    if (!isWhole(draft, open.source)) return false;
    shift(draft, 'production', { [open.source]: 100 });
    open.progress.shifted = 1;
    return true;
  }
  const passed = tasksAreReady(draft, open);
  if (passed) proceed(draft, open);
  return passed;
}

/** Nothing awaits anybody any more. */
export function endPause(draft: Draft, open: ServiceDeployment): void {
  if (!moves(open)) return;
  if (open.progress.stage === 'PRODUCTION_TRAFFIC_SHIFT') takeStep(draft, open);
  else if (open.progress.stage !== 'RECONCILE_SERVICE') proceed(draft, open);
}

/** The way back: the old side is made whole, gets all traffic again, and the failed one goes. Pauses don't hold it up. */
export function turnBack(draft: Draft, open: ServiceDeployment): void {
  endPauses(open);
  enter(draft, open, 'SCALE_UP');
}

/** After a restart no timer is left of what was being waited for. */
export function waitAgain(draft: Draft, open: ServiceDeployment): void {
  const { now } = draft.at;
  const { until, turn } = open.progress;
  const serviceDeployment = open.arn;
  if (until !== undefined) {
    later(draft, Math.max(0, until - now), { kind: 'stage-due', serviceDeployment, turn });
  }
  for (const { id, status, expiresAt } of open.hooks) {
    if (status !== 'AWAITING_ACTION') continue;
    later(draft, Math.max(0, expiresAt - now), { kind: 'hook-expired', serviceDeployment, hook: id });
  }
}

function moves(open: ServiceDeployment): boolean {
  const under = open.status === 'IN_PROGRESS' || open.status === 'ROLLBACK_IN_PROGRESS';
  return open.plan.twoSided && under && !isPaused(open);
}

function tasksAreReady(draft: Draft, open: ServiceDeployment): boolean {
  const { service } = draft;
  switch (open.progress.stage) {
    case 'RECONCILE_SERVICE':
      return service.tasks.every((task) => task.revision === open.source || isOver(task));
    case 'SCALE_UP':
      return isWhole(draft, primaryOf(draft)?.revision);
    default:
      return false;
  }
}

/** All tasks that the service wants of this revision are healthy. */
export function isWhole({ service }: Draft, revision: string | undefined): boolean {
  const healthy = service.tasks.filter(
    (task) => task.revision === revision && isWanted(task) && task.healthy,
  );
  return healthy.length >= service.settings.desiredCount;
}

function proceed(draft: Draft, open: ServiceDeployment): void {
  const { stage, shifted } = open.progress;
  if (open.rollback) {
    enter(draft, open, stage === 'SCALE_UP' ? 'PRODUCTION_TRAFFIC_SHIFT' : 'CLEAN_UP');
    return;
  }
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT' && shifted < open.plan.steps.length) {
    beforeStep(draft, open);
    return;
  }
  const next = STAGES[STAGES.indexOf(stage) + 1];
  if (next) enter(draft, open, next);
}

function enter(draft: Draft, open: ServiceDeployment, stage: Stage): void {
  open.progress = { stage, turn: open.progress.turn + 1, until: undefined, shifted: 0 };
  open.updatedAt = draft.at.now;
  switch (stage) {
    case 'RECONCILE_SERVICE':
      pause(draft, open, stage);
      return;
    case 'PRE_SCALE_UP':
    case 'POST_SCALE_UP':
    case 'POST_TEST_TRAFFIC_SHIFT':
    case 'POST_PRODUCTION_TRAFFIC_SHIFT':
      linger(draft, open, stage);
      return;
    case 'TEST_TRAFFIC_SHIFT':
      shiftTest(draft, open, open.revision);
      wait(draft, open, SHIFTING);
      return;
    case 'PRODUCTION_TRAFFIC_SHIFT':
      if (open.rollback) giveBack(draft, open, open.rollback.revision);
      else beforeStep(draft, open);
      return;
    case 'BAKE_TIME':
      wait(draft, open, open.plan.bakeMinutes * 60_000);
      return;
    default: // SCALE_UP and CLEAN_UP wait for tasks.
  }
}

function linger(draft: Draft, open: ServiceDeployment, stage: PauseStage): void {
  if (!pause(draft, open, stage)) wait(draft, open, PASSING);
}

/**
 * The model has PRE_PRODUCTION_TRAFFIC_SHIFT as a stage of hooks and not of deployments: a pause there, before each step,
 * shows as PRODUCTION_TRAFFIC_SHIFT with the weights of the step before. While a new task is missing, no more traffic
 * shifts to the others.
 */
function beforeStep(draft: Draft, open: ServiceDeployment): void {
  if (!isWhole(draft, open.revision)) wait(draft, open, PASSING);
  else if (!pause(draft, open, 'PRE_PRODUCTION_TRAFFIC_SHIFT')) takeStep(draft, open);
}

function takeStep(draft: Draft, open: ServiceDeployment): void {
  const step = open.plan.steps[open.progress.shifted];
  if (!step) return;
  const left = Math.round((100 - step.percent) * 10) / 10;
  shift(draft, 'production', {
    ...(open.source === undefined ? {} : { [open.source]: left }),
    [open.revision]: step.percent,
  });
  open.progress.shifted += 1;
  wait(draft, open, SHIFTING + step.restMinutes * 60_000);
}

/** All traffic to the revision that is rolled back to; at once where it never left it. */
function giveBack(draft: Draft, open: ServiceDeployment, revision: string): void {
  const { production, test } = draft.service.traffic;
  const away = production[revision] !== 100 || test[open.revision] !== undefined;
  shift(draft, 'production', { [revision]: 100 });
  if (test[open.revision] !== undefined) shiftTest(draft, open, revision);
  wait(draft, open, away ? SHIFTING : 0);
}

function shiftTest(draft: Draft, open: ServiceDeployment, to: string): void {
  const target = draft.service.revisions.find(({ id }) => id === open.revision);
  if (target && hasTestTraffic(target)) shift(draft, 'test', { [to]: 100 });
}

function wait(draft: Draft, open: ServiceDeployment, milliseconds: number): void {
  const { progress } = open;
  progress.turn += 1;
  progress.until = draft.at.now + milliseconds;
  later(draft, milliseconds, { kind: 'stage-due', serviceDeployment: open.arn, turn: progress.turn });
}
