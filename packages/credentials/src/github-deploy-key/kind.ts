import type { Kind } from '@tenant-delivery/rotation/engine';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { type Rotatable, rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyDeployKeyStep } from './apply.ts';
import { givesKey, type Note, readDeployKeyFact, type Step } from './facts.ts';
import { observeDeployKey, type Snapshot } from './observe.ts';
import { planDeployKey } from './plan.ts';
import type { DeployKeyPolicy } from './policy.ts';
import type { DeployKeyWorld } from './ports.ts';
import { progressOf } from './progress.ts';
import { proveDeployKey } from './prove.ts';
import { refusingDeployKeyWorld } from './refusing.ts';
import { titlePrefix } from './sight.ts';

/** A deploy key, as whoever rotates any credential takes it. */
export function rotatableDeployKey(
  credential: string,
  world: DeployKeyWorld,
  policy: DeployKeyPolicy,
  process: string,
): Rotatable {
  const refusing = deployKeyKind(credential, refusingDeployKeyWorld(world), policy, process);
  return rotatable(credential, deployKeyKind(credential, world, policy, process), refusing);
}

/** A deploy key of a repository on GitHub, as the engine rotates it. */
export function deployKeyKind(
  credential: string,
  world: DeployKeyWorld,
  policy: DeployKeyPolicy,
  process: string,
): Kind<Snapshot, Step, Note> {
  let pair: KeyPair | undefined;
  /** One pair is in memory at a time; a version of escrow is tried with one alone. */
  const candidate = () => {
    pair ??= world.newPair(titlePrefix(credential));
    return pair;
  };
  return {
    readFact: readDeployKeyFact,
    gives: givesKey,
    observe: (journal) => observeDeployKey(world, progressOf(journal), candidate().id),
    plan: (seen, journal, now) => planDeployKey(seen, journal, policy, now, process),
    apply: (step) => {
      const mine = pair;
      if (step.do === 'escrow') pair = undefined;
      return applyDeployKeyStep(world, step, mine);
    },
    prove: (version) => proveDeployKey(world, version, policy.access),
    sessionOf: ({ caller }) => caller.arn,
  };
}
