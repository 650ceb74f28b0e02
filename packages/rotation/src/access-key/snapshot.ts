import type { ConsumerState } from '../ports.ts';
import type { Switching } from '../switching.ts';
import type { AccessKey, IamUser, KeyCreation, KeyUse, LastUse } from './ports.ts';

export interface ObservedKey extends AccessKey {
  readonly fingerprint: string;
  readonly lastUse: LastUse;
}

/** A version of escrow, and the fingerprint of the key in it; `undefined`: what it holds is no key pair. */
export interface EscrowedKey {
  readonly version: string;
  readonly key: string | undefined;
}

export type ObservedEscrow =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string }
  | {
      readonly kind: 'usable';
      readonly current: EscrowedKey | undefined;
      /** Versions that this generation has asked for, by the ids of its attempts, and the one that is current. */
      readonly versions: readonly EscrowedKey[];
      readonly pending: string | undefined;
    };

export interface ObservedConsumer extends ConsumerState {
  readonly id: string;
  readonly switching: Switching;
  readonly cadence: number;
}

/** Everything that a plan rests on, all of it observed: there is no snapshot with gaps. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly user: IamUser | undefined;
  readonly keys: readonly ObservedKey[];
  readonly escrow: ObservedEscrow;
  readonly consumers: readonly ObservedConsumer[];
  /** What CloudTrail says of keys that nobody expected, by fingerprint; asked only when the plan needs it. */
  readonly creations: Readonly<Record<string, KeyCreation | undefined>>;
  /** Uses of the retiring key after the cut-over. */
  readonly uses: readonly KeyUse[];
}
