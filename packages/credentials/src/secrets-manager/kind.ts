import type { Kind } from '@tenant-delivery/rotation/engine';
import { type Rotatable, rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyEcsSecretStep } from './apply.ts';
import { type Note, readEcsSecretFact, type Step } from './facts.ts';
import { type EcsSecretWorld, observeEcsSecret } from './observe.ts';
import { planEcsSecret } from './plan.ts';
import type { EcsSecretPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { refusingEcsSecretWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';

export type EcsSecretKind = Kind<Snapshot, Step, Note>;

/** A secret that tasks of ECS are given, as the engine rotates it. */
export function ecsSecretKind(
  world: EcsSecretWorld,
  policy: EcsSecretPolicy,
  run: { readonly process: string },
): EcsSecretKind {
  return {
    readFact: readEcsSecretFact,
    observe: (journal) => observeEcsSecret(world, progressOf(journal)),
    plan: (seen, journal, now) => planEcsSecret(seen, journal, policy, now, run.process),
    apply: (step) => applyEcsSecretStep(world, step),
    // nobody here may read the value: tasks that work with it are the proof
    prove: () => Promise.reject(new TypeError('a value that may not be read is proven by what runs')),
    sessionOf: ({ caller }) => caller.arn,
  };
}

export function rotatableEcsSecret(
  credential: string,
  world: EcsSecretWorld,
  policy: EcsSecretPolicy,
  run: { readonly process: string },
): Rotatable {
  return rotatable(
    credential,
    ecsSecretKind(world, policy, run),
    ecsSecretKind(refusingEcsSecretWorld(world), policy, run),
  );
}
