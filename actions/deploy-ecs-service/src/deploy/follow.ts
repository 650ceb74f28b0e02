import { Failure } from '@tenant-delivery/action-kit';
import {
  eventWords,
  type Followed,
  judge,
  knownWaiting,
  passes,
  patiently,
  type ServiceDeployer,
  sayState,
  unlessCancelled,
  utcOf,
} from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { type Chronicle, chronicle } from './chronicle.ts';
import { type Ending, endingOf, type Trouble, troubleIn, whyByNow } from './ending.ts';
import { EVERY } from './next-look.ts';
import { type FollowSubject, type Looker, looker, type Seen, warns } from './observe.ts';
import type { HeldLock } from './service-ref.ts';
import { servingNow } from './serving-now.ts';

const RENEW_EVERY = 60_000; // milliseconds; of the lock's lease
const BLIND = 3 * 60_000; // how long nothing may be seen
const LANDING = 15 * 60_000; // how long a rollback may take before it counts as failed
const ASKS = 5; // how often ECS is asked to roll back while no answer can be read
const GRACE = 3_000; // how long a cancelled run waits for an answer: the runner kills it soon after

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
interface Beginning {
  readonly trouble?: Trouble;
  /** The hook of a pause that was answered. */
  readonly answered?: string;
}

/**
 * Follows one service deployment to its end at a fixed short interval; SDK waiters swallow errors and overshoot.
 * A deployment that cannot end well, or that has run out of time, is stopped and rolled back.
 */
export async function follow(
  world: EcsWorld,
  course: FollowOptions,
  { trouble, answered }: Beginning = {},
): Promise<Ending> {
  const beganAt = world.clock.now();
  const deadline = limitOf(world, course);
  const eyes = looker(world, course, answered);
  const kept = chronicle();
  const ending = await toItsEnd(world, course, eyes, kept, deadline, trouble);
  return { ...ending, followed: await followedOf(world, course, eyes, kept, ending, deadline - beganAt) };
}

async function toItsEnd(
  world: EcsWorld,
  course: FollowOptions,
  eyes: Looker,
  kept: Chronicle,
  limit: number,
  begun: Trouble | undefined,
): Promise<Ending> {
  const { clock, runner } = world;
  const patience = { clock, signal: runner.cancelled, limit: BLIND, say: runner.info };
  let trouble = begun;
  let deadline = begun ? clock.now() + LANDING : limit;
  let renewAt = clock.now() + RENEW_EVERY;
  let last: Seen | undefined;
  let said = '';
  for (;;) {
    const seen = await unlessCancelled(patiently(eyes.look, patience), runner.cancelled);
    if (seen === 'cancelled') return cancelled(world, course, last);
    last = seen;
    kept.note(seen, clock.now());
    sayEvents(world, seen);
    const state = sayState(seen);
    if (state !== said) runner.info(state);
    said = state;
    const judgement = judge(seen);
    const ending = endingOf(judgement, trouble, seen);
    if (ending) return ending;
    const late = clock.now() >= deadline;
    if (trouble && late) {
      const why = `${whyByNow(trouble, seen)}; the rollback did not end in 15 minutes`;
      return { outcome: 'rollback-failed', why, rolledBack: false, last };
    }
    const found = trouble ? undefined : troubleIn(judgement, seen, late);
    if (found) {
      sayTrouble(world, found, judgement.kind === 'doomed' ? judgement.advice : undefined);
      if (course.onFailure === 'report' && judgement.kind !== 'rolling-back') {
        const why = `${found.why}; it is left to ECS, as was asked for`;
        return { outcome: found.outcome, why, rolledBack: false, last };
      }
      trouble = found;
      deadline = clock.now() + LANDING;
    }
    const isAsked = judgement.kind === 'rolling-back' || (!found && trouble?.unanswered === undefined);
    if (trouble && !isAsked) {
      const asked = await unlessCancelled(stop(world, course, trouble), runner.cancelled);
      if (asked === 'cancelled') return cancelled(world, course, last);
      trouble = asked;
      if (trouble.refused !== undefined) continue; // looks once more before it says how that leaves the service
    }
    if (clock.now() >= renewAt) {
      const held = await unlessCancelled(course.lock.assertHeld(), runner.cancelled);
      if (held === 'cancelled') return cancelled(world, course, last);
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

/** The end of the time that the rollout has: the caller's limit, and the waiting that its configuration asks for. */
function limitOf({ runner }: EcsWorld, { deadline, service }: FollowOptions): number {
  const waiting = knownWaiting(service ?? {});
  if (waiting.milliseconds > 0) {
    const minutes = waiting.milliseconds / 60_000;
    runner.info(
      `The time limit is ${utcOf(deadline + waiting.milliseconds)}: ${minutes} min later than asked for, because ECS is set to wait (${waiting.parts.join(', ')})`,
    );
  }
  return deadline + waiting.milliseconds;
}

/** What ECS says of the service, each event once. */
function sayEvents({ runner }: EcsWorld, { events }: Seen): void {
  if (events.length === 0) return;
  runner.verbatim(
    events.map(({ at, message }) => {
      const mark = warns(message) ? 'ECS warns' : 'ECS';
      return `  ${mark} ${utcOf(at).slice(11)}: ${eventWords(message)}`;
    }),
  );
}

/** Said at once: the landing of a rollback takes minutes, and whoever reads along can begin to mend. */
function sayTrouble({ runner }: EcsWorld, { why }: Trouble, advice: string | undefined): void {
  runner.info(`It will not end well: ${why}`);
  if (advice !== undefined) runner.info(advice);
}

async function stop({ runner }: EcsWorld, course: FollowOptions, trouble: Trouble): Promise<Trouble> {
  const { serviceDeployment } = course.started;
  const refuse = (refused: string): Trouble => {
    runner.info(`The answer was: ${refused}`);
    return { outcome: trouble.outcome, why: trouble.why, cause: trouble.cause, refused };
  };
  if (serviceDeployment === undefined) return refuse('this role may not list service deployments');
  runner.info('Stopping the deployment and rolling back');
  await course.lock.assertHeld();
  try {
    const answer = await course.deployer.rollBack(serviceDeployment);
    if (answer !== 'asked') return refuse(answer.refused);
    return { outcome: trouble.outcome, why: trouble.why, cause: trouble.cause };
  } catch (thrown) {
    const asked = (trouble.unanswered ?? 0) + 1;
    if (!(thrown instanceof Failure) || thrown.code === 'AWS_SESSION_EXPIRED') throw thrown;
    if (!passes(thrown) || asked >= ASKS) return refuse(thrown.message);
    runner.warning(`${thrown.message}; looking, and asking again if it goes on`);
    return { ...trouble, unanswered: asked };
  }
}

/**
 * A cancelled job has seconds: what was last seen is what is told. The lock was proven held within the last minute, so
 * the one request that may still be sent goes out without asking again, and its landing is nobody's to wait for.
 */
async function cancelled(world: EcsWorld, course: FollowOptions, last: Seen | undefined): Promise<Ending> {
  const { runner, clock } = world;
  const left = last ? sayState(last) : 'the deployment has begun, nothing of it was seen';
  const asked =
    course.onCancel === 'rollback' ? `; ${await rollBackInTime(world, course)}` : '; ECS goes on by itself';
  const why = `the run was cancelled; left behind: ${left}${asked}`;
  runner.warning(`${why} (${utcOf(clock.now())})`);
  return { outcome: 'cancelled', why, rolledBack: false, last };
}

async function rollBackInTime({ clock }: EcsWorld, { deployer, started }: FollowOptions): Promise<string> {
  if (started.serviceDeployment === undefined)
    return 'it could not be rolled back, because its ARN is not known';
  const asking = deployer.rollBack(started.serviceDeployment).then(
    (answer) =>
      answer === 'asked' ? 'ECS was asked to roll back' : `ECS would not roll back: ${answer.refused}`,
    (thrown: unknown) =>
      `ECS could not be asked to roll back: ${thrown instanceof Error ? thrown.message : thrown}`,
  );
  const late = clock.sleep(GRACE).then(() => 'ECS was asked to roll back and has not answered yet');
  return Promise.race([asking, late]);
}

/** What the report keeps of the way. After a bad end that was not taken back it says what serves now. */
async function followedOf(
  world: EcsWorld,
  course: FollowOptions,
  eyes: Looker,
  kept: Chronicle,
  { outcome, rolledBack, last, pause }: Ending,
  limit: number,
): Promise<Followed> {
  const { clock, runner } = world;
  const now = clock.now();
  const bad = outcome !== 'deployed' && outcome !== 'paused' && !rolledBack && !runner.cancelled.aborted;
  return {
    seenIn: eyes.seenIn(),
    strategy: last?.deployment.strategy ?? 'unknown',
    stage: last?.deployment.stage ?? null,
    status: last?.deployment.status ?? 'unknown',
    limitSeconds: Math.round(limit / 1000),
    pause: pause
      ? {
          hook: pause.id,
          stage: last?.deployment.stage ?? null,
          expiresAt: pause.expiresAt === undefined ? null : new Date(pause.expiresAt).toISOString(),
          timeoutAction: pause.timeoutAction ?? null,
        }
      : null,
    alarms: [...(last?.deployment.alarms ?? [])],
    weights: kept.weights(),
    timeline: kept.timeline(now),
    serving: bad ? await servingNow(world, course, last) : null,
  };
}
