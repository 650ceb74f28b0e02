import type { Move } from '@tenant-delivery/rotation/plan';
import { acting } from '@tenant-delivery/rotation/steps-taken';
import type { Note, Step } from './facts.ts';
import type { PullThroughPolicy } from './policy.ts';
import { type Progress, stepKey } from './progress.ts';
import type { ObservedSecret, Snapshot } from './snapshot.ts';

export type PullThroughMove = Move<Step, Note>;

/** What a plan is made from while a generation is open. */
export interface Sight {
  readonly seen: Snapshot;
  readonly secret: Extract<ObservedSecret, { readonly kind: 'usable' }>;
  readonly progress: Progress;
  readonly policy: PullThroughPolicy;
  readonly now: number;
}

export function act({ progress, now }: Sight, step: Step): PullThroughMove {
  return acting(progress, stepKey(step), step, now);
}

export function fingerprintIn({ secret }: Sight, version: string): string {
  return secret.versions.find(({ id }) => id === version)?.fingerprint ?? version;
}
