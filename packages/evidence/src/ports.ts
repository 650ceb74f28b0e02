import type { Duty } from '@tenant-delivery/domain';
import type { SignatureAlgorithm } from './signature-algorithms.ts';

/** The private half of one duty's key, wherever it lives. */
export interface Signer {
  /** SHA-256 (hex) of the public key's SPKI DER. */
  readonly keyId: string;
  readonly duty: Duty;
  readonly algorithm: SignatureAlgorithm;
  /** The signature over `bytes`, in any of its spellings; the signer hashes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
