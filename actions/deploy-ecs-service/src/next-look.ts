import type { Followed, ServiceDeployment } from '@tenant-delivery/deployment';

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
  readonly seenIn: Followed['seenIn'];
  readonly deployment: ServiceDeployment | undefined;
  /** `undefined` when nobody has said. */
  readonly healthy: number | undefined;
  /** Tasks of ours stop for a reason that may prove the deployment hopeless, and none is healthy. */
  readonly dying: boolean;
  /** The service has shown other counts than the service deployment had. */
  readonly moved: boolean;
  /** ECS may call it SUCCESSFUL before all tasks are healthy. */
  readonly early: boolean;
  readonly askedAt: Readonly<Record<Question, number>>;
  /** Questions that this role may not ask. */
  readonly denied: ReadonlySet<Question>;
}

/** Milliseconds between two looks, by the service's clock: the end of a deployment is known that soon. */
export const EVERY = 5_000;

const EVENTS_EVERY = 30_000;
const DYING_EVERY = 10_000;
const STARTING_EVERY = 30_000;
const BATCH_EVERY = 60_000;
const SETTLED_EVERY = 120_000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The one question of a look, or none. A rolling deployment of ten minutes may cost 150 requests, and beginning it costs
 * 30: one every five seconds is left. So the service deployment is asked for every ten seconds while no end is possible,
 * and the looks in between ask for what could be news by now. Once all is well it is asked for every five. The service's
 * own entry, which brings the events too, stands in for it twice a minute.
 * The caller goes on to `deployment` when the answer does not bear out what is known.
 */
export function nextQuestion(known: Known): Question | 'nothing' {
  const { now, seenIn, deployment, healthy, dying, moved, early, askedAt, denied } = known;
  if (seenIn === 'rollout-entry') return 'service';
  if (!deployment || !isRolling(deployment) || early || dying || moved) return 'deployment';
  const status = now - askedAt.service >= EVENTS_EVERY ? 'service' : 'deployment';
  if (isSettled(deployment, healthy, denied)) return status;
  if (now - Math.max(askedAt.deployment, askedAt.service) >= EVERY * 1.5) return status;
  return diagnosis(known, deployment);
}

/** What explains a failure, or shows that an end is near. */
function diagnosis(
  { now, healthy, askedAt, denied }: Known,
  { tasks }: ServiceDeployment,
): Question | 'nothing' {
  const since = (question: Question) => (denied.has(question) ? 0 : now - askedAt[question]);
  if (tasks.running === 0) return since('stopped') > 0 ? 'stopped' : 'nothing';
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
  const { now, seenIn, deployment, healthy, dying, early, askedAt, denied } = known;
  if (!deployment || deployment.status === 'SUCCESSFUL') return [];
  const move = moveOf(before, deployment, now);
  const settled = isSettled(deployment, healthy, denied);
  const rolling = isRolling(deployment);
  const inTurns = seenIn === 'service-deployment' && rolling && !dying && !early;
  const due = (question: Question, every: number) =>
    askedAt[question] < now && now - askedAt[question] >= every && !denied.has(question);
  if (inTurns) {
    const unseen = askedAt.targets === now && askedAt.stopped < deployment.createdAt; // who died before any was seen
    return (move === 'worse' || unseen) && due('stopped', 0) ? ['stopped'] : [];
  }
  const rest = rolling ? NEVER : SETTLED_EVERY;
  const stopped = dying ? DYING_EVERY : settled ? rest : STARTING_EVERY;
  const events = settled ? SETTLED_EVERY : EVENTS_EVERY;
  const alive = deployment.tasks.running > 0;
  return [
    ...(due('stopped', move === 'worse' ? 0 : stopped) ? (['stopped'] as const) : []),
    ...(due('service', events) ? (['service'] as const) : []),
    ...(alive && due('targets', move === 'none' ? (settled ? rest : DYING_EVERY) : 0)
      ? (['targets'] as const)
      : []),
  ];
}

/** All tasks that were asked for run, and are healthy as far as this role may know. */
function isSettled(
  { tasks }: ServiceDeployment,
  healthy: number | undefined,
  denied: Known['denied'],
): boolean {
  return tasks.running >= tasks.requested && (denied.has('targets') || (healthy ?? -1) >= tasks.requested);
}

function isRolling({ strategy, status }: ServiceDeployment): boolean {
  return strategy === 'ROLLING' && (status === 'PENDING' || status === 'IN_PROGRESS');
}

const JUST_BEGUN = 10_000; // milliseconds within which no task of a deployment has come and gone

/** Whether counts say something that target health may explain, or stopped tasks too. */
function moveOf(
  before: ServiceDeployment | undefined,
  now: ServiceDeployment,
  time: number,
): 'none' | 'moved' | 'worse' {
  if (!before) return time - now.createdAt >= JUST_BEGUN ? 'worse' : 'moved';
  const failures = (each: ServiceDeployment) => each.breaker?.failures ?? 0;
  const turned = before.status !== now.status && now.status !== 'IN_PROGRESS';
  if (turned || now.tasks.running < before.tasks.running || failures(now) > failures(before)) return 'worse';
  return now.tasks.running === before.tasks.running ? 'none' : 'moved';
}
