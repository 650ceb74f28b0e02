import { cadencesOf, type Ends } from '@tenant-delivery/rotation/distribution/sight';
import type { Hold, Move } from '@tenant-delivery/rotation/plan';
import { noUseWindow } from '@tenant-delivery/rotation/policy';
import { iso } from '@tenant-delivery/rotation/times';
import type { Note, PublicHalf, Step } from './facts.ts';
import type { ObservedDeployKey, Snapshot } from './observe.ts';
import type { GithubDeployKeyPolicy } from './policy.ts';
import type { Progress } from './progress.ts';

export type GithubDeployKeyMove = Move<Step, Note>;

/** What a plan is made from while a generation is open. */
export interface Sight {
  readonly credential: string;
  readonly generation: number;
  readonly seen: Snapshot & { readonly keys: readonly ObservedDeployKey[] };
  readonly progress: Progress;
  readonly policy: GithubDeployKeyPolicy;
  readonly now: number;
}

export function keyOf(
  { seen }: Sight,
  fingerprint: string | null | undefined,
): ObservedDeployKey | undefined {
  return seen.keys.find((key) => key.fingerprint === fingerprint);
}

/** What the titles of all keys of a credential begin with. */
export function titlePrefix(credential: string): string {
  return `td-rotation/${credential}/`;
}

export function titleOf({ credential, generation }: Pick<Sight, 'credential' | 'generation'>): string {
  return `${titlePrefix(credential)}${String(generation).padStart(4, '0')}`;
}

export function halfOf({ fingerprint, publicKey, title, access }: ObservedDeployKey): PublicHalf {
  return { key: fingerprint, publicKey, title, access };
}

/** What may be said of a key. The public half is no secret, and brings a key back that was deleted. */
export function factsOf({
  title,
  fingerprint,
  access,
  createdAt,
  addedBy,
  lastUse,
}: ObservedDeployKey): string {
  const used = lastUse === 'never' ? 'never used' : `last used ${iso(lastUse)}`;
  const may = access === 'write' ? ', may push' : '';
  return `key ${fingerprint} "${title}" was added ${iso(createdAt)} by ${addedBy ?? 'nobody who is known'}, ${used}${may}`;
}

export function windowOf({ seen, policy }: Sight): number {
  return noUseWindow(policy, cadencesOf(seen.consumers));
}

/** Whether the old key is gone because we deleted it. */
export function isAway({ progress }: Sight): boolean {
  return progress.deleted.length > progress.returned.length;
}

/** Something is wrong with the new key. If we took the old one away, it is brought back first. */
export function alarmed(sight: Sight, hold: Hold): GithubDeployKeyMove {
  const { taken, compromised } = sight.progress;
  if (!taken || keyOf(sight, taken.key) || !isAway(sight) || compromised) return hold;
  return { kind: 'act', step: { do: 'restore', ...taken, because: hold.reason.message } };
}

/** What the distribution of the new key asks of the old one. */
export function endsOf(sight: Sight): Ends<Step, Note> {
  const { opened } = sight.progress;
  return {
    away: isAway(sight),
    gone: false,
    inEscrow: opened.reason === 'adopted' ? undefined : (opened.old ?? undefined),
    alarmed: (hold) => alarmed(sight, hold),
  };
}
