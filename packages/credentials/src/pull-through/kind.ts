import { refused } from '@tenant-delivery/rotation/dry-run';
import { endingOf } from '@tenant-delivery/rotation/ending';
import type { Kind } from '@tenant-delivery/rotation/kind';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { type Note, readPullThroughFact, type Step } from './facts.ts';
import { observePullThrough, type PullThroughWorld } from './observe.ts';
import { planPullThrough } from './plan.ts';
import type { PullThroughPolicy } from './policy.ts';
import { validateRules } from './prove.ts';
import type { Snapshot } from './snapshot.ts';

/** What a pull-through cache signs in to its upstream with, as the engine rotates it. */
export function pullThroughKind(
  world: PullThroughWorld,
  policy: PullThroughPolicy,
  process: string,
): Kind<Snapshot, Step, Note> {
  return {
    readFact: readPullThroughFact,
    observe: () => observePullThrough(world),
    plan: (seen, journal, now) => planPullThrough(seen, journal, policy, now, process),
    apply: async (step) => {
      if (step.do === 'settle') return endingOf(await world.secret.settle(step.version));
      return endingOf(await world.secret.promote(step.version, step.from));
    },
    prove: (version) => validateRules(world, version),
  };
}

/** The credential of an upstream registry, ready to be rotated. */
export const rotatablePullThrough = rotatable(pullThroughKind, refusingPullThroughWorld);

/** The same world, in which whatever would change something throws before it is sent. */
function refusingPullThroughWorld(world: PullThroughWorld): PullThroughWorld {
  const { secret } = world;
  return {
    ...world,
    secret: {
      describe: () => secret.describe(),
      promote: refused('UpdateSecretVersionStage'),
      settle: refused('UpdateSecretVersionStage'),
    },
  };
}
