import type { Answer, KeyPair } from './ports.ts';

/** How a secret of Secrets Manager stands: its versions and the labels on them, without their values. */
export type EscrowState =
  /** Secrets Manager's own word. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'usable'; readonly versions: readonly EscrowVersion[] };

export interface EscrowVersion {
  /** The ClientRequestToken that it was put with. */
  readonly id: string;
  readonly stages: readonly string[];
}

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
