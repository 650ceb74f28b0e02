import type { Kind } from '@tenant-delivery/rotation/engine';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import { type Rotatable, rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyAccessKeyStep } from './apply.ts';
import { type Note, readAccessKeyFact, type Step } from './facts.ts';
import { type AccessKeyWorld, observeAccessKey } from './observe.ts';
import { planAccessKey } from './plan.ts';
import type { AccessKeyPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { proveStoredKey } from './prove.ts';
import { refusingAccessKeyWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';

interface Run {
  readonly time: ServerTime;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly process: string;
}

/** The access key of an IAM user, as whoever rotates any credential takes it. */
export function rotatableAccessKey(
  credential: string,
  world: AccessKeyWorld,
  policy: AccessKeyPolicy,
  run: Run,
): Rotatable {
  const refusing = accessKeyKind(refusingAccessKeyWorld(world), policy, run);
  return rotatable(credential, accessKeyKind(world, policy, run), refusing);
}

/** The access key of an IAM user, as the engine rotates it. */
export function accessKeyKind(
  world: AccessKeyWorld,
  policy: AccessKeyPolicy,
  run: Run,
): Kind<Snapshot, Step, Note> {
  return {
    readFact: readAccessKeyFact,
    observe: (journal) => observeAccessKey(world, progressOf(journal)),
    plan: (seen, journal, now) => planAccessKey(seen, journal, policy, now, run.process),
    apply: (step) => applyAccessKeyStep(world, step),
    prove: (version) => proveStoredKey(world, version, run.time, run.sleep),
    sessionOf: ({ caller }) => caller.arn,
  };
}
