import type { Hold, Move } from '../plan.ts';
import { iso, times } from '../times.ts';
import type { Note, Step } from './facts.ts';
import { type AccessKeyPolicy, noUseWindow, SETTLE } from './policy.ts';
import { type Progress, stepKey } from './progress.ts';
import type { ObservedConsumer, ObservedKey, Snapshot } from './snapshot.ts';

export type AccessKeyMove = Move<Step, Note>;

/** What a plan is made from while a generation is open. */
export interface Sight {
  readonly credential: string;
  readonly generation: number;
  readonly seen: Snapshot;
  readonly progress: Progress;
  readonly policy: AccessKeyPolicy;
  readonly now: number;
}

export function keyOf({ seen }: Sight, fingerprint: string | null | undefined): ObservedKey | undefined {
  return seen.keys.find((key) => key.fingerprint === fingerprint);
}

export function cadencesOf(seen: Snapshot): readonly number[] {
  return seen.consumers.map(({ cadence }) => cadence);
}

export function windowOf({ seen, policy }: Sight): number {
  return noUseWindow(policy, cadencesOf(seen));
}

export function act(sight: Sight, step: Step): AccessKeyMove {
  const refused = sight.progress.refusals.get(stepKey(step));
  const until = refused ? refused.at + Math.min(15 * 2 ** (refused.times - 1), 12 * 60) * SETTLE : 0;
  if (refused && sight.now < until)
    return wait(until, `${step.do} was refused ${times(refused.times)}; it is tried again later`);
  return { kind: 'act', step };
}

/** Somebody's step took effect, and the run that took it did not live to say so. */
export function found(step: Step, key?: string): AccessKeyMove {
  return { kind: 'note', note: { kind: 'ended', step, answer: 'done', found: true, ...(key && { key }) } };
}

export function wait(until: number, why: string): AccessKeyMove {
  return { kind: 'wait', until, why };
}

/** What may be said of a key that nobody expected. */
export function factsOf({ creations }: Snapshot, key: ObservedKey): readonly string[] {
  const made = creations[key.fingerprint];
  const used =
    key.lastUse === 'never'
      ? 'never used'
      : `last used ${iso(key.lastUse.at)} for ${key.lastUse.service} in ${key.lastUse.region}`;
  return [
    `key ${key.fingerprint} is ${key.status}, created ${iso(key.createdAt)}, ${used}`,
    made
      ? `created by ${made.by} from ${made.sourceAddress} at ${iso(made.at)}`
      : 'CloudTrail does not say who created it',
  ];
}

/** A leaked key is not spared, and does not come back. */
export function urgent({ progress }: Sight): boolean {
  return progress.compromised;
}

/** The old key is Inactive because we disabled it. */
export function isDisabled({ progress }: Sight): boolean {
  return progress.disabled.length > progress.returned.length;
}

/** Something is wrong with the new key: the old one is brought back first, if it is we who took it away. */
export function alarmed(sight: Sight, hold: Hold): AccessKeyMove {
  const old = keyOf(sight, sight.progress.opened.old);
  if (!old || old.status === 'Active' || !isDisabled(sight) || urgent(sight)) return hold;
  return { kind: 'act', step: { do: 'enable', key: old.fingerprint, because: hold.reason.message } };
}

/** The window or a freeze that keeps a change back. A leak does not wait. */
export function closedWindow(sight: Sight): AccessKeyMove | undefined {
  const { policy, now } = sight;
  if (policy.closedUntil === undefined || now >= policy.closedUntil || urgent(sight)) return undefined;
  return wait(policy.closedUntil, 'the change window is closed');
}

export function consumersOf({ seen, progress }: Sight): readonly ObservedConsumer[] {
  return seen.consumers.filter(({ id }) => progress.opened.consumers.includes(id));
}
