import type { Kind } from '../engine.ts';
import type { ServerTime } from '../ports.ts';
import { applyAccessKeyStep } from './apply.ts';
import { type Note, readAccessKeyFact, type Step } from './facts.ts';
import { type AccessKeyWorld, observeAccessKey } from './observe.ts';
import { planAccessKey } from './plan.ts';
import type { AccessKeyPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { proveStoredKey } from './prove.ts';
import type { Snapshot } from './snapshot.ts';

/** The access key of an IAM user, as the engine rotates it. */
export function accessKeyKind(
  world: AccessKeyWorld,
  policy: AccessKeyPolicy,
  run: {
    readonly time: ServerTime;
    readonly sleep: (milliseconds: number) => Promise<void>;
    readonly process: string;
  },
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
