import type { Duty } from '@tenant-delivery/domain';

/** The private half of one duty's key, wherever it lives. ECDSA on P-256 with SHA-256. */
export interface Signer {
  /** SHA-256 (hex) of the public key's SPKI DER. */
  readonly keyId: string;
  readonly duty: Duty;
  /** The DER signature over `bytes`, either of its twins; the signer hashes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
