import type { Answer, KeyPair } from './ports.ts';

/** What Secrets Manager says of a secret. `Usable`: what is known of one that can be used. */
export type SecretState<Usable> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string }
  | ({ readonly kind: 'usable' } & Usable);

/** A version and the labels on it, without its value. */
export interface SecretVersion {
  /** The ClientRequestToken that it was put with. */
  readonly id: string;
  readonly stages: readonly string[];
}

/** A version, and when it was made. */
export interface DatedVersion extends SecretVersion {
  readonly createdAt: number;
}

export type EscrowState = SecretState<{ readonly versions: readonly SecretVersion[] }>;

export const PENDING = 'TDPENDING';
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** The one place besides memory where secrets are: a secret of Secrets Manager in the tenant's account. */
export interface Escrow {
  /** `unusable`: scheduled for deletion, or its KMS key is not enabled. Only versions that carry a label are told. */
  describe(): Promise<EscrowState>;
  /** `undefined`: there is no such version, or what it holds is no key pair. */
  read(version: string): Promise<KeyPair | undefined>;
  /** Puts the pair under `version` with the label TDPENDING. The same version and pair again changes nothing. */
  put(version: string, key: KeyPair): Promise<Answer>;
  /** Moves AWSCURRENT to `version`, from the version that has it now. */
  promote(version: string, from: string | undefined): Promise<Answer>;
  /** Takes TDPENDING off `version`. One that does not carry it is `done`. */
  settle(version: string): Promise<Answer>;
}
