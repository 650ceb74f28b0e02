import type { Move } from '@tenant-delivery/rotation/plan';
import { acting } from '@tenant-delivery/rotation/steps-taken';
import type { Note, Step } from './facts.ts';
import type { VpnPskPolicy } from './policy.ts';
import type { VpnConnection } from './ports.ts';
import { type Progress, stepKey } from './progress.ts';
import type { EscrowedPsks, Snapshot } from './snapshot.ts';

export type VpnPskMove = Move<Step, Note>;

/** What a plan is made from while a generation is open, after connection and escrow were found to be there. */
export interface Sight {
  readonly seen: Snapshot;
  readonly connection: VpnConnection;
  readonly versions: readonly EscrowedPsks[];
  readonly current: EscrowedPsks | undefined;
  readonly progress: Progress;
  readonly policy: VpnPskPolicy;
  readonly now: number;
  /** This start of the action. */
  readonly process: string;
}

export function act({ progress, now }: Sight, step: Step): VpnPskMove {
  return acting(progress, stepKey(step), step, now);
}

/** The fingerprint of a tunnel's new key. */
export function newKeyOf({ versions, progress }: Sight, outside: string): string | undefined {
  return versions.find(({ version }) => version === progress.version)?.keys?.[outside];
}
