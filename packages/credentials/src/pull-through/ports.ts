import type { DatedVersion, SecretState } from '@tenant-delivery/rotation/escrow';
import type { Answer } from '@tenant-delivery/rotation/ports';

/** Versions without what they hold: this room never reads a credential. */
export type UpstreamSecretState = SecretState<{
  readonly arn: string;
  readonly versions: readonly DatedVersion[];
}>;

/** The secret of Secrets Manager with which rules sign in to their upstream registry. */
export interface UpstreamSecret {
  /** Versions that carry a label. */
  describe(): Promise<UpstreamSecretState>;
  /** Moves AWSCURRENT to `version`, from the version that has it now, which gets AWSPREVIOUS. */
  promote(version: string, from: string): Promise<Answer>;
  /** Takes TDPENDING off `version`. */
  settle(version: string): Promise<Answer>;
}

/** A rule by which images of another registry come through ECR. */
export interface CacheRule {
  /** What the names of its repositories begin with. */
  readonly prefix: string;
  readonly upstream: string;
  /** The ARN of the secret that it signs in with. */
  readonly credential: string | undefined;
}

export interface CacheRules {
  /** All pages. */
  list(): Promise<readonly CacheRule[]>;
  /** AWS's own try: ECR reads the secret as it is current, and signs in. Changes nothing. */
  validate(
    prefix: string,
  ): Promise<{ readonly valid: true } | { readonly valid: false; readonly failure: string }>;
}
