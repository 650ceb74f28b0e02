import { eventWords, utcOf } from '../plain-names.ts';
import type { HeldLock, ServiceDeployer } from '../ports.ts';
import { knownWaiting } from '../strategies/time-limit.ts';
import { type Chronicle, NOTHING_SEEN, noted, timelineOf } from './chronicle.ts';
import type { Followed } from './deployment-report.ts';
import type { Ending, Trouble } from './ending.ts';
import type { FollowPorts } from './follow-ports.ts';
import { judge, type Observation, sayState } from './judge.ts';
import { EVERY } from './next-question.ts';
import { type Found, nextStep } from './next-step.ts';
import { observe, warns } from './observe.ts';
import { patiently } from './patience.ts';
import { rollBack, rollBackInTime } from './roll-back.ts';
import { servingNow } from './serving-now.ts';
import { emptySnapshot, type FollowSubject, type Snapshot } from './snapshot.ts';
import { unlessCancelled } from './unless-cancelled.ts';

const RENEW_EVERY = 60_000; // milliseconds; of the lock's lease
const BLIND = 3 * 60_000; // how long nothing may be seen
const LANDING = 15 * 60_000; // how long a rollback may take before it counts as failed

export interface FollowOptions extends FollowSubject {
  readonly deployer: ServiceDeployer;
  readonly lock: HeldLock;
  /** Milliseconds since the epoch, before waiting that the service is configured to do is added. */
  readonly deadline: number;
  /** What a cancelled run does about its deployment; `leave` by default: a cancelled job says nothing about it. */
  readonly onCancel?: 'leave' | 'rollback' | undefined;
  /** What is done about a deployment that cannot end well: `rollback` by default; `report` leaves it to ECS. */
  readonly onFailure?: 'rollback' | 'report' | undefined;
}

/** What is known when following begins. */
export interface FollowedFrom {
  readonly trouble?: Trouble;
  /** The hook of a pause that was answered. */
  readonly answered?: string;
}

/** How far following has come. */
interface Progress {
  readonly snapshot: Snapshot;
  readonly chronicle: Chronicle;
  readonly trouble: Trouble | undefined;
  readonly last: Observation | undefined;
  /** Milliseconds since the epoch: until when it may roll out, or land once there is trouble. */
  readonly deadline: number;
  readonly renewAt: number;
  /** The state that was said last. */
  readonly said: string;
}

/**
 * Follows one service deployment to its end at a fixed short interval; SDK waiters swallow errors and overshoot.
 * A deployment that cannot end well, or that has run out of time, is stopped and rolled back.
 */
export async function follow(
  ports: FollowPorts,
  options: FollowOptions,
  from: FollowedFrom = {},
): Promise<Ending> {
  const beganAt = ports.clock.now();
  const limit = limitOf(ports, options);
  const first: Progress = {
    snapshot: emptySnapshot(options),
    chronicle: NOTHING_SEEN,
    trouble: from.trouble,
    last: undefined,
    deadline: from.trouble ? beganAt + LANDING : limit,
    renewAt: beganAt + RENEW_EVERY,
    said: '',
  };
  const { ending, progress } = await toItsEnd(ports, options, first, from.answered);
  return {
    ...ending,
    followed: await followedOf(ports, options, { ending, progress, limit: limit - beganAt }),
  };
}

interface Ended {
  readonly ending: Ending;
  readonly progress: Progress;
}

async function toItsEnd(
  ports: FollowPorts,
  options: FollowOptions,
  first: Progress,
  answered: string | undefined,
): Promise<Ended> {
  const { clock, runner } = ports;
  const patience = { clock, signal: runner.cancelled, limit: BLIND, say: runner.info };
  let progress = first;
  const cancelled = async () => ({ ending: await leave(ports, options, progress.last), progress });
  for (;;) {
    const look = await unlessCancelled(
      patiently(() => observe(ports, progress.snapshot, answered), patience),
      runner.cancelled,
    );
    if (look === 'cancelled') return cancelled();
    const seen = look.observation;
    progress = { ...progress, ...look, ...told(ports, progress, seen) };
    const { trouble, deadline } = progress;
    const late = clock.now() >= deadline;
    const step = nextStep({ judgement: judge(seen), seen, trouble, late, onFailure: options.onFailure });
    if (step.found) sayTrouble(ports, step.found);
    if (step.kind === 'end') return { ending: step.ending, progress };
    progress = {
      ...progress,
      trouble: step.trouble,
      deadline: step.found ? clock.now() + LANDING : deadline,
    };
    if (step.kind === 'roll-back') {
      const asked = await unlessCancelled(rollBack(ports, options, step.trouble), runner.cancelled);
      if (asked === 'cancelled') return cancelled();
      progress = { ...progress, trouble: asked };
      if (asked.refused !== undefined) continue; // looks once more before it says how that leaves the service
    }
    if (clock.now() >= progress.renewAt) {
      const held = await unlessCancelled(options.lock.assertHeld(), runner.cancelled);
      if (held === 'cancelled') return cancelled();
      progress = { ...progress, renewAt: clock.now() + RENEW_EVERY };
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

/** Says what is new in a look, each state and each event once, and keeps it. */
function told(
  ports: FollowPorts,
  { chronicle, said }: Progress,
  seen: Observation,
): Pick<Progress, 'chronicle' | 'last' | 'said'> {
  sayEvents(ports, seen);
  const state = sayState(seen);
  if (state !== said) ports.runner.info(state);
  return { chronicle: noted(chronicle, seen, ports.clock.now()), last: seen, said: state };
}

/** The end of the time that the rollout has: the caller's limit, and the waiting that its configuration asks for. */
function limitOf({ runner }: FollowPorts, { deadline, service }: FollowOptions): number {
  const waiting = knownWaiting(service ?? {});
  if (waiting.milliseconds > 0) {
    const minutes = waiting.milliseconds / 60_000;
    runner.info(
      `The time limit is ${utcOf(deadline + waiting.milliseconds)}: ${minutes} min later than requested, because ECS is configured to wait (${waiting.parts.join(', ')})`,
    );
  }
  return deadline + waiting.milliseconds;
}

/** What ECS says of the service, each event once. */
function sayEvents({ runner }: FollowPorts, { events }: Observation): void {
  if (events.length === 0) return;
  runner.verbatim(
    events.map(({ at, message }) => {
      const mark = warns(message) ? 'ECS warns' : 'ECS';
      return `  ${mark} ${utcOf(at).slice(11)}: ${eventWords(message)}`;
    }),
  );
}

/** Logged at once: a rollback takes minutes to land, and a person who reads the log can start on the fix. */
function sayTrouble({ runner }: FollowPorts, { trouble, advice }: Found): void {
  runner.info(`It will not end well: ${trouble.why}`);
  if (advice !== undefined) runner.info(advice);
}

/** A cancelled job has seconds: what was last seen is what is told. */
async function leave(
  ports: FollowPorts,
  options: FollowOptions,
  last: Observation | undefined,
): Promise<Ending> {
  const left = last ? sayState(last) : 'the deployment has begun, nothing of it was seen';
  const asked =
    options.onCancel === 'rollback' ? `; ${await rollBackInTime(ports, options)}` : '; ECS goes on by itself';
  const why = `the run was cancelled; left behind: ${left}${asked}`;
  ports.runner.warning(`${why} (${utcOf(ports.clock.now())})`);
  return { outcome: 'cancelled', why, rolledBack: false, last };
}

/** What the report keeps of the way. After a bad end that was not taken back it says what serves now. */
async function followedOf(
  ports: FollowPorts,
  subject: FollowSubject,
  { ending, progress, limit }: Ended & { readonly limit: number },
): Promise<Followed> {
  const { outcome, rolledBack, last, pause } = ending;
  const { snapshot, chronicle } = progress;
  const bad =
    outcome !== 'deployed' && outcome !== 'paused' && !rolledBack && !ports.runner.cancelled.aborted;
  const stage = last?.deployment.stage ?? null;
  return {
    seenIn: snapshot.visibleIn,
    strategy: last?.deployment.strategy ?? 'unknown',
    stage,
    status: last?.deployment.status ?? 'unknown',
    limitSeconds: Math.round(limit / 1000),
    pause: pause
      ? {
          hook: pause.id,
          stage,
          expiresAt: pause.expiresAt === undefined ? null : new Date(pause.expiresAt).toISOString(),
          timeoutAction: pause.timeoutAction ?? null,
        }
      : null,
    alarms: [...(last?.deployment.alarms ?? [])],
    weights: [...chronicle.weights],
    timeline: timelineOf(chronicle, ports.clock.now()),
    serving: bad ? await servingNow(ports, subject, last) : null,
  };
}
