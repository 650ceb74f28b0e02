import { applyDeliveryStep } from '@tenant-delivery/rotation/distribution/apply';
import { refused, refusingConsumer } from '@tenant-delivery/rotation/dry-run';
import type { Kind } from '@tenant-delivery/rotation/engine';
import { type Rotatable, rotatable } from '@tenant-delivery/rotation/rotatable';
import { type Note, readAppKeyFact, type Step } from './facts.ts';
import { observeAppKey, type Snapshot } from './observe.ts';
import { planAppKey } from './plan.ts';
import type { AppKeyPolicy } from './policy.ts';
import type { AppKeyWorld } from './ports.ts';
import { progressOf } from './progress.ts';
import { proveAppKey } from './prove.ts';

/** The private key of an App, as whoever rotates any credential takes it. */
export function rotatableAppKey(
  credential: string,
  world: AppKeyWorld,
  policy: AppKeyPolicy,
  process: string,
): Rotatable {
  const refusing = appKeyKind(refusingAppKeyWorld(world), policy, process);
  return rotatable(credential, appKeyKind(world, policy, process), refusing);
}

/** The private key of a GitHub App, which people make and delete, as the engine rotates it. */
export function appKeyKind(
  world: AppKeyWorld,
  policy: AppKeyPolicy,
  process: string,
): Kind<Snapshot, Step, Note> {
  const { escrow, consumers } = world;
  const read = async (version: string) => (await escrow.read(version))?.pair;
  return {
    readFact: readAppKeyFact,
    observe: (journal) => observeAppKey(world, progressOf(journal)),
    plan: (seen, journal, now) => planAppKey(seen, journal, policy, now, process),
    apply: (step) => applyDeliveryStep({ escrow: { ...escrow, read }, consumers }, step),
    prove: (version) => proveAppKey(world, version),
    sessionOf: ({ caller }) => caller.arn,
  };
}

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingAppKeyWorld(world: AppKeyWorld): AppKeyWorld {
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
