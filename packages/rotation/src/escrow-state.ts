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
