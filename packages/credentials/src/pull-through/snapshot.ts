import type { DatedVersion, SecretState } from '@tenant-delivery/rotation/escrow';
import type { CacheRule } from './ports.ts';

export interface ObservedVersion extends DatedVersion {
  /** What a report may call it. */
  readonly fingerprint: string;
}

export type ObservedSecret = SecretState<{
  readonly current: ObservedVersion | undefined;
  /** The version that its owner has staged, and that is not current. */
  readonly staged: ObservedVersion | undefined;
  readonly versions: readonly ObservedVersion[];
}>;

/** Everything that a plan rests on, all of it observed. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly secret: ObservedSecret;
  /** Those that sign in with this secret. */
  readonly rules: readonly CacheRule[];
  /** What was said with this run: the fingerprint of a credential that its owner has revoked upstream. */
  readonly acknowledged: { readonly key: string; readonly by: string } | undefined;
}
