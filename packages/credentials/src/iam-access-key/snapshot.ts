import type { ObservedConsumer, ObservedEscrow } from '@tenant-delivery/rotation/distribution/snapshot';
import type { AccessKey, IamUser, KeyCreation, KeyUse, LastUse } from './ports.ts';

export interface ObservedKey extends AccessKey {
  readonly fingerprint: string;
  readonly lastUse: LastUse;
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
