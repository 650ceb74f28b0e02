import { certainFailure } from '../cause/causes.ts';
import type { ServiceDeployment } from '../observed.ts';
import { ask, askEvents, askPrimary } from './ask.ts';
import type { FollowPorts } from './follow-ports.ts';
import type { Observation } from './judge.ts';
import { furtherQuestions, isGoingBack, nextQuestion, type Question } from './next-question.ts';
import { causesIn, enoughHealthy, knownAt, type Snapshot } from './snapshot.ts';

/** What is known after one more look, and what that look has shown. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly observation: Observation;
}

/** A look costs one request at the most, and more only when it can tell something (next-question.ts). */
export async function observe(ports: FollowPorts, known: Snapshot, answered?: string): Promise<Look> {
  const now = ports.clock.now();
  const question = nextQuestion(knownAt(known, now));
  let seen = question === 'nothing' ? known : await ask(ports, known, question);
  if (seen.visibleIn === 'service-deployment' && isDoubtful(question, known, seen))
    seen = await ask(ports, seen, 'deployment');
  seen = withoutStaleHealth(seen, known.deployment, now);
  for (const further of furtherQuestions(knownAt(seen, now), known.deployment))
    seen = await (further === 'service' ? askEvents(ports, seen) : ask(ports, seen, further));
  if (callsForTargets(seen, now)) seen = await ask(ports, seen, 'targets');
  if (callsForDeployment(seen, now)) seen = await ask(ports, seen, 'deployment');
  const isOver = seen.deployment?.status === 'SUCCESSFUL';
  if (isOver && !(seen.service && seen.askedAt.service === ports.clock.now()))
    seen = await askPrimary(ports, seen);
  return lookOf(seen, answered);
}

/** An answer that does not bear out what is known sends on to the service deployment, which decides. */
function isDoubtful(question: Question | 'nothing', known: Snapshot, seen: Snapshot): boolean {
  switch (question) {
    case 'service': {
      const ours = seen.service?.deployments.find(({ id }) => id === seen.subject.start.rollout);
      return !(ours?.primary && ours.rolloutState === 'IN_PROGRESS');
    }
    case 'stopped':
      return seen.stopped.length !== known.stopped.length;
    case 'targets':
      return (seen.healthy ?? Number.POSITIVE_INFINITY) >= enoughHealthy(seen);
    default:
      return false;
  }
}

/** No task that runs, none that is healthy; and nobody was asked about tasks that run only by now. */
function withoutStaleHealth(seen: Snapshot, before: ServiceDeployment | undefined, now: number): Snapshot {
  if (seen.deployment === undefined) throw new TypeError('a look ended without an answer');
  if (seen.deployment.tasks.running === 0) return { ...seen, healthy: 0 };
  if (isGoingBack(seen.deployment) && seen.askedAt.targets < now) return { ...seen, healthy: undefined };
  return before?.tasks.running === 0 && seen.askedAt.targets < now ? { ...seen, healthy: undefined } : seen;
}

/** A verdict of failure rests on who is healthy at this moment: not half a minute ago, and not before one more stopped. */
function callsForTargets({ healthy, running, askedAt, denied, ...seen }: Snapshot, now: number): boolean {
  if (denied.has('targets') || certainFailure(causesIn(seen), 0) === undefined) return false;
  const isNoneHealthy = healthy === undefined || healthy === 0;
  return running === undefined || (isNoneHealthy && askedAt.targets < now);
}

/** And on what ECS says of the deployment now: it may have turned it already. */
function callsForDeployment(seen: Snapshot, now: number): boolean {
  const doomed = certainFailure(causesIn(seen), seen.healthy) !== undefined || seen.lost !== undefined;
  return doomed && seen.askedAt.deployment < now && seen.visibleIn === 'service-deployment';
}

function lookOf(seen: Snapshot, answered: string | undefined): Look {
  const { deployment, service, subject } = seen;
  if (deployment === undefined) throw new TypeError('a look ended without an answer');
  const fresh = (service?.events ?? []).filter(
    ({ id, at }) => at >= deployment.createdAt && !seen.events.has(id),
  );
  const events = new Map([...seen.events, ...fresh.map((event) => [event.id, event] as const)]);
  const { stopped, healthy, essential, targetReasons, lost } = seen;
  return {
    snapshot: { ...seen, events },
    observation: {
      ...{ deployment, stopped, healthy, essential, targetReasons, lost, answered },
      primary: deployment.status === 'SUCCESSFUL' ? (service?.taskDefinition ?? 'nothing') : undefined,
      taskDefinition: subject.start.taskDefinition,
      warned: newestWarning(events),
      events: fresh.toSorted((a, b) => a.at - b.at),
      tasks: [...seen.tasks.values()],
    },
  };
}

function newestWarning(events: Snapshot['events']): string | undefined {
  const [newest] = [...events.values()].sort((a, b) => b.at - a.at);
  return newest && warns(newest.message) ? newest.message : undefined;
}

/** Whether ECS's own words tell of trouble: not of an end, because ECS goes on trying. */
export function warns(message: string): boolean {
  return /unable|unhealthy|failed|insufficient/i.test(message);
}
