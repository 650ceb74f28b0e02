import type { Kind } from '@tenant-delivery/rotation/kind';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { applySecretsManagerStep } from './apply.ts';
import { type Note, readSecretsManagerFact, type Step } from './facts.ts';
import { observeSecretsManager, type SecretsManagerWorld } from './observe.ts';
import { planSecretsManager } from './plan.ts';
import type { SecretsManagerPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { refusingSecretsManagerWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';

export type SecretsManagerKind = Kind<Snapshot, Step, Note>;

/** A secret that tasks of ECS are given, as the engine rotates it. */
export function secretsManagerKind(
  world: SecretsManagerWorld,
  policy: SecretsManagerPolicy,
  run: { readonly process: string },
): SecretsManagerKind {
  return {
    readFact: readSecretsManagerFact,
    observe: (journal) => observeSecretsManager(world, progressOf(journal)),
    plan: (seen, journal, now) => planSecretsManager(seen, journal, policy, now, run.process),
    apply: (step) => applySecretsManagerStep(world, step),
    // nobody here may read the value: tasks that work with it are the proof
    prove: () => Promise.reject(new TypeError('a value that may not be read is proven by what runs')),
  };
}

/** A secret that tasks of ECS are given, ready to be rotated. */
export const rotatableSecretsManager = rotatable(secretsManagerKind, refusingSecretsManagerWorld);
