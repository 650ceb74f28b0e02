import type { SecretState } from '../escrow.ts';
import type { ConsumerState } from '../ports.ts';
import type { Switching } from '../switching.ts';

/** A version of escrow, and the fingerprint of the key in it; `undefined`: what it holds is no key. */
export interface EscrowedKey {
  readonly version: string;
  readonly key: string | undefined;
}

export type ObservedEscrow = SecretState<{
  readonly current: EscrowedKey | undefined;
  /** Versions that this generation has asked for, by the ids of its attempts, and the one that is current. */
  readonly versions: readonly EscrowedKey[];
  readonly pending: string | undefined;
}>;

export interface ObservedConsumer extends ConsumerState {
  readonly id: string;
  readonly switching: Switching;
  readonly cadence: number;
}
