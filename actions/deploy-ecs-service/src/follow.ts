import { judge, patiently, type ServiceDeployer, sayState } from '@tenant-delivery/deployment';
import type { Started } from './begin.ts';
import type { EcsWorld } from './deploy-world.ts';
import { type Ending, endingOf, type Trouble, troubleIn } from './ending.ts';
import { looker } from './look.ts';
import type { Hold, Place } from './place.ts';

const EVERY = 5_000; // milliseconds between two looks, by the service's clock
const RENEW_EVERY = 60_000; // of the lock's lease
const BLIND = 3 * 60_000; // how long nothing may be seen
const LANDING = 15 * 60_000; // how long a rollback may take before it counts as failed

export interface Course {
  readonly place: Place;
  readonly started: Started;
  readonly port: number;
  readonly deployer: ServiceDeployer;
  readonly lock: Hold;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Follows one service deployment to its end at a fixed short interval; SDK waiters swallow errors and overshoot.
 * A deployment that cannot end well, or that has run out of time, is stopped and rolled back.
 */
export async function follow(world: EcsWorld, course: Course): Promise<Ending> {
  const { clock, runner } = world;
  const look = looker(world, course.place, course.started, course.port);
  let said = '';
  let renewAt = clock.now() + RENEW_EVERY;
  let trouble: Trouble | undefined;
  let { deadline } = course;
  for (;;) {
    const last = await patiently(look, { clock, signal: runner.cancelled, limit: BLIND, say: runner.info });
    const state = sayState(last);
    if (state !== said) runner.info(state);
    said = state;
    const judgement = judge(last);
    const ending = endingOf(judgement, trouble, last);
    if (ending) return ending;
    const late = clock.now() >= deadline;
    if (trouble && late) {
      const why = `${trouble.why}; the rollback did not end in 15 minutes`;
      return { outcome: 'rollback-failed', why, rolledBack: false, last };
    }
    if (runner.cancelled.aborted) {
      return {
        outcome: 'cancelled',
        why: `the run was cancelled; left behind: ${state}`,
        rolledBack: false,
        last,
      };
    }
    const found = trouble ? undefined : troubleIn(judgement, late);
    if (found) {
      trouble = judgement.kind === 'rolling-back' ? found : await stop(world, course, found);
      deadline = clock.now() + LANDING;
    }
    if (clock.now() >= renewAt) {
      await course.lock.assertHeld();
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

async function stop({ runner }: EcsWorld, course: Course, trouble: Trouble): Promise<Trouble> {
  runner.warning(`${trouble.why}: stopping the deployment and rolling back`);
  await course.lock.assertHeld();
  const answer = await course.deployer.rollBack(course.started.serviceDeployment);
  if (answer === 'asked') return trouble;
  runner.warning(`ECS would not roll back: ${answer.refused}`);
  return { ...trouble, refused: answer.refused };
}
