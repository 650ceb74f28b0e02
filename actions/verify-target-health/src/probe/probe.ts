import { createHash } from 'node:crypto';
import { patiently } from '@tenant-delivery/deployment/follow/patience';
import { unlessCancelled } from '@tenant-delivery/deployment/follow/unless-cancelled';
import { judgeProbe, type ProbeJudgement } from '@tenant-delivery/deployment/health/judge-probe';
import {
  longestProbe,
  PROBE_CONTAINER,
  type ProbeTerms,
  probeDocument,
  probeOrder,
} from '@tenant-delivery/deployment/health/probe-definition';
import type { ProbeRoute } from '@tenant-delivery/deployment/health/probe-route';
import type { Task } from '@tenant-delivery/deployment/observed';
import { sameTaskDefinition } from '@tenant-delivery/deployment/task-definition/canonical';
import { logStreamOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import type { HealthWorld, Prober, Probing } from '../verify-world.ts';
import { isOfAws, type ProbePlan } from './plan-probe.ts';

const EVERY = 5_000; // milliseconds between two looks
const STARTS = 5 * 60_000; // how long the task may take to start
const APPEARS = 60_000; // how long ECS may not know a task that it has just started
const BLIND = 60_000; // how long nothing may be seen
const GRACE = 3_000; // how long a cancelled run waits for an answer
const LINES = 20; // of its log
const LOOKS = 3; // at a log that has nothing yet

/** How a probe ended, or why there was none. */
export interface ProbeResult extends Omit<ProbeJudgement, 'verdict'> {
  readonly terms: ProbeTerms;
  readonly route: ProbeRoute | undefined;
  /** ARN; `undefined` when none was started. */
  readonly task: string | undefined;
  readonly verdict: ProbeJudgement['verdict'] | 'cancelled';
}

export function notProbed(terms: ProbeTerms, why: string): ProbeResult {
  return {
    ...{ terms, why, route: undefined, task: undefined, status: null, milliseconds: null },
    verdict: 'inconclusive',
  };
}

/** What a probe writes is read, and what starts its task is opened once all is known. */
export interface ProbeMeans {
  readonly logs: Probing['logs'];
  open(): Promise<Prober>;
}

type ProbeWorld = Pick<HealthWorld, 'runner' | 'clock' | 'services'>;

/**
 * Runs one own task that asks the balancer, waits for its end and judges it. What cannot be done ends inconclusive; a
 * task that is still there when nobody waits for it any more is stopped, and would end by itself.
 */
export async function probe(
  world: ProbeWorld,
  { logs, open }: ProbeMeans,
  plan: ProbePlan,
  hold: () => Promise<void>,
): Promise<ProbeResult> {
  const { terms, route, definition } = plan;
  let task: Task | undefined;
  let prober: Prober | undefined;
  const ended = (how: Ended & Partial<Pick<ProbeJudgement, 'status' | 'milliseconds'>>): ProbeResult => {
    const seen = { status: null, milliseconds: null };
    return { ...seen, ...how, terms, route, task: task?.arn };
  };
  try {
    prober = await open();
    const revision = await revisionOf(world, prober, plan);
    if (revision === undefined)
      return ended(unproven('ECS did not answer whether it registered its task definition'));
    const started = await start(world, prober, plan, revision, hold);
    if ('verdict' in started) return ended(started);
    task = started;
    world.runner.info(`The probe runs as ${task.arn}: ${urlOf(route)}`);
    const last = await follow(world, prober, plan, started, hold);
    if ('verdict' in last) return ended(last);
    task = last;
    const lines = definition.log && (await linesOf(world, logs, definition, last));
    const container = last.containers.find(({ name }) => name === PROBE_CONTAINER);
    const reason = container?.reason ?? last.stoppedReason;
    return ended(judgeProbe(terms, { exitCode: container?.exitCode, reason, lines }));
  } catch (thrown) {
    if (!isOfAws(thrown)) throw thrown;
    return ended(unproven(thrown.message));
  } finally {
    if (prober && task && task.lastStatus !== 'STOPPED') await stop(world, prober, task);
  }
}

export function urlOf({ host, port, tls, path }: ProbeRoute): string {
  return `${tls ? 'https' : 'http'}://${host}:${port}${path}`;
}

type Ended = Pick<ProbeResult, 'verdict' | 'why'>;

const unproven = (why: string) => ({ verdict: 'inconclusive', why }) as const;
const cancelled = { verdict: 'cancelled', why: 'the run was cancelled' } as const;

/** The family's newest revision where it is this very one, else a new one: nothing piles up. */
async function revisionOf(
  { services }: ProbeWorld,
  { registrar }: Prober,
  { definition }: ProbePlan,
): Promise<string | undefined> {
  const same = async () => {
    const newest = await services.taskDefinition(definition.family);
    const isSame = newest?.active && sameTaskDefinition(newest.document, probeDocument(definition));
    return isSame ? newest.arn : undefined;
  };
  const known = await same();
  if (known !== undefined) return known;
  const registered = await registrar.register(definition);
  return registered === 'unknown' ? same() : registered;
}

/** Where there is no room now there may be some later; an answer that was lost is asked for again by the same key. */
async function start(
  { clock, runner }: ProbeWorld,
  { tasks }: Prober,
  { service, place, route, terms }: ProbePlan,
  taskDefinition: string,
  hold: () => Promise<void>,
): Promise<Task | Ended> {
  const { runId, runAttempt, job } = runner.context;
  const run = {
    key: createHash('sha256')
      .update([runId, runAttempt, job, service, clock.now()].join('\n'))
      .digest('hex')
      .slice(0, 40),
    taskDefinition,
    service: place,
    container: PROBE_CONTAINER,
    command: [probeOrder(route, terms)],
    startedBy: `tenant-delivery/probe/${runId}`,
  };
  const deadline = clock.now() + STARTS;
  for (;;) {
    if (runner.cancelled.aborted) return cancelled;
    const answer = await unlessCancelled(tasks.run(run), runner.cancelled);
    if (answer === 'cancelled')
      return {
        ...cancelled,
        why: 'the run was cancelled while the probe was started; if it runs, it ends by itself',
      };
    if (answer !== 'unknown' && 'arn' in answer) return answer;
    const why = answer === 'unknown' ? 'ECS did not answer' : answer.refused;
    if (clock.now() >= deadline)
      return unproven(`its task could not be started (${why.replace(/\s+/g, ' ')})`);
    await hold();
    await clock.sleep(EVERY, runner.cancelled);
  }
}

async function follow(
  { clock, runner }: ProbeWorld,
  { tasks }: Prober,
  { terms }: ProbePlan,
  started: Task,
  hold: () => Promise<void>,
): Promise<Task | Ended> {
  const began = clock.now();
  const patience = { clock, signal: runner.cancelled, limit: BLIND, say: runner.info };
  let last = started;
  for (;;) {
    if (last.lastStatus === 'STOPPED') return last;
    if (runner.cancelled.aborted) return cancelled;
    const over = clock.now() - began;
    if (last.startedAt === undefined && over >= STARTS)
      return unproven(`its task did not start in ${STARTS / 60_000} minutes (it is ${last.lastStatus})`);
    if (over >= STARTS + longestProbe(terms)) return unproven('its task did not end in time');
    await clock.sleep(EVERY, runner.cancelled);
    await hold();
    const seen = await unlessCancelled(
      patiently(() => tasks.task(last.arn), patience),
      runner.cancelled,
    );
    if (seen === 'cancelled') return cancelled;
    if (!seen && clock.now() - began >= APPEARS)
      return unproven('ECS does not know its task any more, so nobody knows how it ended');
    last = seen ?? last;
  }
}

/** What it wrote; `undefined` when that cannot be read, which decides nothing: the exit code does. */
async function linesOf(
  { clock, runner }: ProbeWorld,
  logs: Probing['logs'],
  definition: ProbePlan['definition'],
  { arn }: Task,
): Promise<readonly string[] | undefined> {
  const at = logStreamOf(probeDocument(definition), PROBE_CONTAINER, arn);
  if (!at) return undefined;
  for (let looks = 1; ; looks += 1) {
    try {
      const lines = await logs.tail(at.group, at.stream, LINES);
      if ((lines && lines.length > 0) || looks >= LOOKS || runner.cancelled.aborted) return lines;
    } catch (thrown) {
      if (!isOfAws(thrown)) throw thrown;
      runner.info(`The log of the probe cannot be read: ${thrown.message}`);
      return undefined;
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

/** A cancelled job has seconds: one request goes out, and its answer is waited for a moment. */
async function stop({ clock, runner }: ProbeWorld, { tasks }: Prober, { arn }: Task): Promise<void> {
  const asking = tasks.stop(arn, 'nobody waits for this probe any more').then(
    () => 'was stopped',
    (thrown: unknown) => `could not be stopped: ${thrown instanceof Error ? thrown.message : thrown}`,
  );
  const late = clock.sleep(GRACE).then(() => 'was asked to stop');
  runner.info(`The task of the probe ${await Promise.race([asking, late])} (${arn})`);
}
