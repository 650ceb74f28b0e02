import type { Kind } from '@tenant-delivery/rotation/kind';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyIamAccessKeyStep } from './apply.ts';
import { type Note, readIamAccessKeyFact, type Step } from './facts.ts';
import { type IamAccessKeyWorld, observeIamAccessKey } from './observe.ts';
import { planIamAccessKey } from './plan.ts';
import type { IamAccessKeyPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { proveStoredKey } from './prove.ts';
import { refusingIamAccessKeyWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';

interface Run {
  readonly time: ServerTime;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly process: string;
}

/** The access key of an IAM user, as the engine rotates it. */
export function iamAccessKeyKind(
  world: IamAccessKeyWorld,
  policy: IamAccessKeyPolicy,
  run: Run,
): Kind<Snapshot, Step, Note> {
  return {
    readFact: readIamAccessKeyFact,
    observe: (journal) => observeIamAccessKey(world, progressOf(journal)),
    plan: (seen, journal, now) => planIamAccessKey(seen, journal, policy, now, run.process),
    apply: (step) => applyIamAccessKeyStep(world, step),
    prove: (version) => proveStoredKey(world, version, run.time, run.sleep),
  };
}

/** The access key of an IAM user, ready to be rotated. */
export const rotatableIamAccessKey = rotatable(iamAccessKeyKind, refusingIamAccessKeyWorld);
