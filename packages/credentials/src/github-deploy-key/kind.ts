import type { Kind } from '@tenant-delivery/rotation/kind';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyGithubDeployKeyStep } from './apply.ts';
import { givesKey, type Note, readGithubDeployKeyFact, type Step } from './facts.ts';
import { observeGithubDeployKey, type Snapshot } from './observe.ts';
import { planGithubDeployKey } from './plan.ts';
import type { GithubDeployKeyPolicy } from './policy.ts';
import type { GithubDeployKeyWorld } from './ports.ts';
import { progressOf } from './progress.ts';
import { proveGithubDeployKey } from './prove.ts';
import { refusingGithubDeployKeyWorld } from './refusing.ts';
import { titlePrefix } from './sight.ts';

/** A deploy key of a repository on GitHub, as the engine rotates it. */
export function githubDeployKeyKind(
  world: GithubDeployKeyWorld,
  policy: GithubDeployKeyPolicy,
  process: string,
  credential: string,
): Kind<Snapshot, Step, Note> {
  let pair: KeyPair | undefined;
  /** One pair is in memory at a time. It is tried for one version of escrow only. */
  const candidate = () => {
    pair ??= world.newPair(titlePrefix(credential));
    return pair;
  };
  return {
    readFact: readGithubDeployKeyFact,
    gives: givesKey,
    observe: (journal) => observeGithubDeployKey(world, progressOf(journal), candidate().id),
    plan: (seen, journal, now) => planGithubDeployKey(seen, journal, policy, now, process),
    apply: (step) => {
      const mine = pair;
      if (step.do === 'escrow') pair = undefined;
      return applyGithubDeployKeyStep(world, step, mine);
    },
    prove: (version) => proveGithubDeployKey(world, version, policy.access),
  };
}

/** A deploy key, ready to be rotated. */
export const rotatableGithubDeployKey = rotatable(githubDeployKeyKind, refusingGithubDeployKeyWorld);
