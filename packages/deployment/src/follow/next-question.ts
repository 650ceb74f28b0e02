import type { ServiceDeployment } from '../observed.ts';
import { strategyNamed } from '../strategies/strategies.ts';
import type { Visibility } from './visibility.ts';

/** What can be asked about a deployment that goes on; each answer says something that the others do not. */
export type Question =
  /** The service deployment: status, counts, breaker, weights, hooks. */
  | 'deployment'
  /** The service: its events, and the word for our rollout. */
  | 'service'
  /** Tasks of ours that have stopped. */
  | 'stopped'
  /** Health at the load balancer. */
  | 'targets';

/** What is known before a look. Times are milliseconds; what was never asked has `-Infinity`. */
export interface Known {
  readonly now: number;
  readonly visibleIn: Visibility['visibleIn'];
  readonly deployment: ServiceDeployment | undefined;
  /** `undefined` when nobody has said. */
  readonly healthy: number | undefined;
  /** Tasks of ours stop for a reason that may prove the deployment hopeless, and none is healthy. */
  readonly dying: boolean;
  /** The service has shown other counts than the service deployment had. */
  readonly moved: boolean;
  /** Healthy tasks with which ECS may call it SUCCESSFUL: all that were asked for, or fewer by early success. */
  readonly enough: number;
  /** A target of ours has no way to become healthy, if the next look shows it too. */
  readonly suspect: boolean;
  /** Until when it rests by its configuration: only a way back can come before. */
  readonly restsUntil: number;
  readonly askedAt: Readonly<Record<Question, number>>;
  /** Questions that this role may not ask. */
  readonly denied: ReadonlySet<Question>;
}

/** Milliseconds between two looks, by the service's clock: the end of a deployment is known that soon. */
export const EVERY = 5_000;

const EVENTS_EVERY = 30_000;
const DYING_EVERY = 10_000;
const STARTING_EVERY = 30_000;
const BATCH_EVERY = 90_000;
const SETTLED_EVERY = 120_000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The one question of a look, or none. A deployment of ten minutes may cost 150 requests, however many tasks it has, and
 * 21 are spent when following begins: one every five seconds is left. So while no end is possible, the service deployment
 * is asked for every ten seconds, and each look in between asks for what could be news by now. Once all is well it is
 * asked for every five seconds, except while it rests by its configuration. Where ECS gives the service's own entry a
 * state, that entry is asked for twice a minute instead: it brings the events too.
 * If the answer contradicts what is known, the caller asks for `deployment` as well.
 */
export function nextQuestion(known: Known): Question | 'nothing' {
  const { now, visibleIn, deployment, dying, moved, restsUntil, askedAt } = known;
  if (visibleIn === 'rollout-entry') return 'service';
  if (!deployment || dying || moved) return 'deployment';
  const settled = isSettled(known, deployment);
  if (!takesTurns(deployment, settled)) return 'deployment';
  const { endsInService } = strategyNamed(deployment.strategy);
  const status = endsInService && now - askedAt.service >= EVENTS_EVERY ? 'service' : 'deployment';
  const told = Math.max(askedAt.deployment, endsInService ? askedAt.service : Number.NEGATIVE_INFINITY);
  if (now - told >= EVERY * 1.5) return status;
  if (settled) return now + EVERY <= restsUntil ? 'nothing' : status;
  return diagnosis(known, deployment);
}

/** What explains a failure, or shows that an end is near. */
function diagnosis(
  { now, healthy, suspect, askedAt, denied }: Known,
  { tasks, strategy, createdAt }: ServiceDeployment,
): Question | 'nothing' {
  const since = (question: Question) => (denied.has(question) ? 0 : now - askedAt[question]);
  if (suspect && since('targets') > 0) return 'targets';
  if (!strategyNamed(strategy).endsInService && since('service') >= SETTLED_EVERY) return 'nothing'; // its events are asked for instead
  if (tasks.running === 0)
    return now - createdAt >= JUST_BEGUN && since('stopped') > 0 ? 'stopped' : 'nothing';
  if (tasks.running >= tasks.requested) return since('targets') > 0 ? 'targets' : 'nothing';
  // Some run, others are to come: it can't end yet. Until one is healthy it may crash without a count that tells.
  if (healthy === undefined || healthy === 0) {
    if (since('stopped') > since('targets')) return 'stopped';
    return since('targets') > 0 ? 'targets' : 'nothing';
  }
  if (since('stopped') >= BATCH_EVERY) return 'stopped';
  return since('targets') >= STARTING_EVERY ? 'targets' : 'nothing';
}

/**
 * What is asked beside it in the same look. Where looks take turns, only what a count that fell may explain. Otherwise
 * more often while tasks die, and less once all are well: strategies that shift traffic wait for longer.
 */
export function furtherQuestions(known: Known, before: ServiceDeployment | undefined): readonly Question[] {
  const { now, visibleIn, deployment, healthy, dying, askedAt, denied } = known;
  if (!deployment || deployment.status === 'SUCCESSFUL') return [];
  const { tasks } = deployment;
  const move = moveOf(before, deployment, now);
  const settled = isSettled(known, deployment);
  const turns = takesTurns(deployment, settled);
  const { endsInService } = strategyNamed(deployment.strategy);
  const scaling = turns && !endsInService && !settled;
  const inTurns = visibleIn === 'service-deployment' && !dying && turns && (endsInService || scaling);
  const due = (question: Question, every: number) =>
    askedAt[question] < now && now - askedAt[question] >= every && !denied.has(question);
  // Where some are healthy, why others die explains and decides nothing: of a hundred tasks one may die at every look.
  const worse = move === 'worse' && (healthy ?? 0) > 0 ? BATCH_EVERY : 0;
  if (inTurns) {
    const unseen = askedAt.targets === now && askedAt.stopped < deployment.createdAt; // who died before any was seen
    return [
      ...((move === 'worse' || unseen) && due('stopped', worse) ? (['stopped'] as const) : []),
      ...(scaling && askedAt.deployment < now && due('service', SETTLED_EVERY) ? (['service'] as const) : []),
    ];
  }
  const begun = tasks.requested > 0 && before !== undefined;
  if (!begun && move !== 'worse' && move !== 'turned' && isOpen(deployment)) return [];
  if (move !== 'turned' && isGoingBack(deployment)) {
    return [
      ...(due('stopped', BATCH_EVERY) ? (['stopped'] as const) : []),
      ...(due('service', BATCH_EVERY) ? (['service'] as const) : []),
    ];
  }
  const stopped = dying ? DYING_EVERY : settled ? NEVER : STARTING_EVERY;
  const events = settled ? SETTLED_EVERY : EVENTS_EVERY;
  return [
    ...(due('stopped', move === 'none' || move === 'moved' ? stopped : worse) ? (['stopped'] as const) : []),
    ...(due('service', events) ? (['service'] as const) : []),
    ...(tasks.running > 0 && due('targets', move === 'none' ? (settled ? NEVER : DYING_EVERY) : 0)
      ? (['targets'] as const)
      : []),
  ];
}

/** As many tasks as are needed run, and are healthy as far as this role may know. */
function isSettled({ healthy, enough, denied }: Known, { tasks }: ServiceDeployment): boolean {
  return tasks.running >= enough && (denied.has('targets') || (healthy ?? -1) >= enough);
}

/**
 * Whether looks may take turns. A strategy that shifts traffic may pause after any stage, but not while it scales up and
 * tasks are missing.
 */
function takesTurns(deployment: ServiceDeployment, settled: boolean): boolean {
  const { strategy, stage } = deployment;
  return isOpen(deployment) && (settled || strategyNamed(strategy).startsTasksAt(stage));
}

function isOpen({ status }: ServiceDeployment): boolean {
  return status === 'PENDING' || status === 'IN_PROGRESS';
}

/** Whether ECS stops the tasks of the deployment: who of them is healthy decides nothing any more. */
export function isGoingBack({ status }: ServiceDeployment): boolean {
  return /^ROLLBACK/.test(status);
}

const JUST_BEGUN = 10_000; // milliseconds within which no task of a deployment has come and gone

/** Whether counts say something that target health may explain, or stopped tasks too. */
function moveOf(
  before: ServiceDeployment | undefined,
  now: ServiceDeployment,
  time: number,
): 'none' | 'moved' | 'worse' | 'turned' {
  if (!before) return time - now.createdAt >= JUST_BEGUN ? 'worse' : 'moved';
  const failures = (each: ServiceDeployment) => each.breaker?.failures ?? 0;
  const turned = before.status !== now.status && now.status !== 'IN_PROGRESS';
  if (turned) return 'turned';
  if (now.tasks.running < before.tasks.running || failures(now) > failures(before)) return 'worse';
  return now.tasks.running === before.tasks.running ? 'none' : 'moved';
}
