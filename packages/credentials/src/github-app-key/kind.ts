import { applyDeliveryStep } from '@tenant-delivery/rotation/distribution/apply';
import { refused, refusingConsumer } from '@tenant-delivery/rotation/dry-run';
import type { Kind } from '@tenant-delivery/rotation/kind';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { type Note, readGithubAppKeyFact, type Step } from './facts.ts';
import { observeGithubAppKey, type Snapshot } from './observe.ts';
import { planGithubAppKey } from './plan.ts';
import type { GithubAppKeyPolicy } from './policy.ts';
import type { GithubAppKeyWorld } from './ports.ts';
import { progressOf } from './progress.ts';
import { proveGithubAppKey } from './prove.ts';

/** The private key of a GitHub App, which people make and delete, as the engine rotates it. */
export function githubAppKeyKind(
  world: GithubAppKeyWorld,
  policy: GithubAppKeyPolicy,
  process: string,
): Kind<Snapshot, Step, Note> {
  const { escrow, consumers } = world;
  const read = async (version: string) => (await escrow.read(version))?.pair;
  return {
    readFact: readGithubAppKeyFact,
    observe: (journal) => observeGithubAppKey(world, progressOf(journal)),
    plan: (seen, journal, now) => planGithubAppKey(seen, journal, policy, now, process),
    apply: (step) => applyDeliveryStep({ escrow: { ...escrow, read }, consumers }, step),
    prove: (version) => proveGithubAppKey(world, version),
  };
}

/** The private key of an App, ready to be rotated. */
export const rotatableGithubAppKey = rotatable(githubAppKeyKind, refusingGithubAppKeyWorld);

/** The same world, in which whatever would change something throws before it is sent. */
function refusingGithubAppKeyWorld(world: GithubAppKeyWorld): GithubAppKeyWorld {
  const { door, escrow } = world;
  return {
    ...world,
    door: { whose: (key) => door.whose(key), exercise: refused('POST /access_tokens') },
    escrow: {
      describe: () => escrow.describe(),
      read: (version) => escrow.read(version),
      promote: refused('UpdateSecretVersionStage'),
      settle: refused('UpdateSecretVersionStage'),
    },
    consumers: world.consumers.map(refusingConsumer),
  };
}
