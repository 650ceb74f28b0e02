import type { SecretState } from '@tenant-delivery/rotation/escrow';
import type { VpnConnection } from './ports.ts';

/** A version of escrow with the fingerprints of its keys, by tunnel; `undefined`: what it holds are no keys of tunnels. */
export interface EscrowedPsks {
  readonly version: string;
  readonly createdAt: number;
  readonly stages: readonly string[];
  readonly keys: Readonly<Record<string, string>> | undefined;
}

export type ObservedPsks = SecretState<{
  readonly current: EscrowedPsks | undefined;
  /** The current version, the version of this generation, and the version that it replaces. */
  readonly versions: readonly EscrowedPsks[];
}>;

export interface Acknowledged {
  /** `undefined`: any tunnel that has this key. */
  readonly tunnel: string | undefined;
  /** Its fingerprint. */
  readonly key: string;
  readonly by: string;
}

/** Everything that a plan rests on, all of it observed. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly connection: VpnConnection | undefined;
  readonly escrow: ObservedPsks;
  /** What the customer's people said with this run: which keys lie ready at their device. */
  readonly acknowledged: readonly Acknowledged[];
}
