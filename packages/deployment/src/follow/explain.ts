import { type Cause, causesOf } from '../cause/causes.ts';
import type { TaskDefinition } from '../observed.ts';
import type { LogReader } from '../ports.ts';
import { logStreamOf } from '../task-definition/task-definition.ts';
import type { ReportedCause } from './deployment-report.ts';
import type { FollowPorts } from './follow-ports.ts';
import type { LostTargets, Observation } from './judge.ts';

const CAUSES = 3; // whose logs are read
const LINES = 20;
const LONGEST = 500; // characters of one line

/** What explains an end: the task definition says where the log is. */
export interface ExplainPorts extends Pick<FollowPorts, 'services'> {
  readonly runner: Pick<FollowPorts['runner'], 'warning' | 'cancelled'>;
  readonly logs: Pick<LogReader, 'tail'>;
}

/** The class of a cause that no stopped task tells: what the load balancer says of tasks that run. */
export const TARGET_NEVER_HEALTHY = 'target-never-healthy';

/**
 * The causes of what was seen, each with the last lines that the container wrote. Others' words, unescaped. A cancelled
 * run asks for nothing more: it has seconds.
 */
export async function explain(
  ports: ExplainPorts,
  seen: Observation | undefined,
): Promise<readonly ReportedCause[]> {
  if (!seen) return [];
  const causes = causesOf(seen.stopped, seen.essential).slice(0, CAUSES);
  const lost = seen.lost ? [reportedLoss(seen.lost)] : [];
  if (causes.length === 0) return lost;
  const { runner, services } = ports;
  const definition = runner.cancelled.aborted
    ? undefined
    : await services.taskDefinition(seen.taskDefinition).catch(unread(runner, 'The task definition'));
  const told = await Promise.all(
    causes.map(async (cause) => reported(cause, seen, await tailOf(ports, definition, cause))),
  );
  return [...lost, ...told];
}

/** Tasks that have not ended and could never serve: their logs say nothing about it. */
function reportedLoss({ tasks, says, advice }: LostTargets): ReportedCause {
  return {
    class: TARGET_NEVER_HEALTHY,
    certainty: 'certain',
    count: tasks.length,
    task: tasks[0] ?? '',
    stopCode: null,
    stoppedReason: null,
    container: null,
    exitCode: null,
    containerReason: null,
    target: says,
    advice,
    log: [],
  };
}

function reported(cause: Cause, seen: Observation, log: readonly string[]): ReportedCause {
  return {
    class: cause.class,
    certainty: cause.certainty,
    count: cause.count,
    task: cause.task,
    stopCode: cause.stopCode ?? null,
    stoppedReason: cause.stoppedReason ?? null,
    container: cause.container ?? null,
    exitCode: cause.exitCode ?? null,
    containerReason: cause.containerReason ?? null,
    target: targetReason(cause, seen) ?? null,
    advice: escapedBreaker(cause, seen) ? `${cause.advice} ${ESCAPED}` : cause.advice,
    log: [...log],
  };
}

/** What the load balancer held against the task, or against another that it found unhealthy. */
function targetReason({ class: name, task }: Cause, { targetReasons }: Observation): string | undefined {
  if (name !== 'target-unhealthy') return undefined;
  return targetReasons?.get(task) ?? [...(targetReasons?.values() ?? [])].at(-1);
}

const ESCAPED =
  'The circuit breaker does not count tasks that run and end without having been checked: a container health check closes that gap.';

/** Tasks ran and died, and the circuit breaker has counted fewer of them; assumes ecs-breaker-counts-blue-green. */
function escapedBreaker({ class: name, count }: Cause, { deployment }: Observation): boolean {
  return (
    (name === 'crash' || name === 'finished') &&
    deployment.breaker !== undefined &&
    deployment.breaker.status !== 'DISABLED' &&
    deployment.breaker.failures < count
  );
}

async function tailOf(
  { logs, runner }: ExplainPorts,
  definition: TaskDefinition | undefined,
  { container, task }: Cause,
): Promise<readonly string[]> {
  const place = definition && container ? logStreamOf(definition.document, container, task) : undefined;
  if (!place) return [];
  const lines = await logs.tail(place.group, place.stream, LINES).catch(unread(runner, 'The log lines'));
  return (lines ?? []).map((line) => line.slice(0, LONGEST));
}

/** They explain an outcome, they do not decide it: that they could not be read is said, not thrown. */
function unread(runner: ExplainPorts['runner'], what: string): (thrown: unknown) => undefined {
  return (thrown) => {
    runner.warning(`${what} could not be read: ${thrown instanceof Error ? thrown.message : thrown}`);
    return undefined;
  };
}
