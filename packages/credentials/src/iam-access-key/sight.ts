import { cadencesOf, type Ends } from '@tenant-delivery/rotation/distribution/sight';
import type { Hold, Move } from '@tenant-delivery/rotation/plan';
import { noUseWindow } from '@tenant-delivery/rotation/policy';
import { iso } from '@tenant-delivery/rotation/times';
import type { Note, Step } from './facts.ts';
import type { IamAccessKeyPolicy } from './policy.ts';
import type { Progress } from './progress.ts';
import type { ObservedKey, Snapshot } from './snapshot.ts';

export type IamAccessKeyMove = Move<Step, Note>;

/** What a plan is made from while a generation is open. */
export interface Sight {
  readonly credential: string;
  readonly generation: number;
  readonly seen: Snapshot;
  readonly progress: Progress;
  readonly policy: IamAccessKeyPolicy;
  readonly now: number;
}

export function keyOf({ seen }: Sight, fingerprint: string | null | undefined): ObservedKey | undefined {
  return seen.keys.find((key) => key.fingerprint === fingerprint);
}

export function windowOf({ seen, policy }: Sight): number {
  return noUseWindow(policy, cadencesOf(seen.consumers));
}

/** What people are told about a key that nobody expected. */
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

/** Whether the old key has leaked: it is disabled without a drain, and never enabled again. */
export function urgent({ progress }: Sight): boolean {
  return progress.compromised;
}

/** Whether the old key is Inactive because we disabled it. */
export function isDisabled({ progress }: Sight): boolean {
  return progress.disabled.length > progress.returned.length;
}

/** Something is wrong with the new key. If we took the old one away, it is brought back first. */
export function alarmed(sight: Sight, hold: Hold): IamAccessKeyMove {
  const old = keyOf(sight, sight.progress.opened.old);
  if (!old || old.status === 'Active' || !isDisabled(sight) || urgent(sight)) return hold;
  return { kind: 'act', step: { do: 'enable', key: old.fingerprint, because: hold.reason.message } };
}

/** What the distribution of the new key asks of the old one. */
export function endsOf(sight: Sight): Ends<Step, Note> {
  const { opened, deleted } = sight.progress;
  return {
    away: isDisabled(sight),
    gone: deleted,
    inEscrow: opened.reason === 'adopted' ? undefined : (opened.old ?? undefined),
    alarmed: (hold) => alarmed(sight, hold),
  };
}
