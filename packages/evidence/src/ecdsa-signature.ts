import { DER } from '@noble/curves/abstract/der.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // n of P-256 (SP 800-186, 3.2.1.3)
const SCALAR = 33; // bytes; 32 and a zero before a first bit that is set

/**
 * A signature on P-256 as its lower twin: whoever has (r, s) can write (r, n − s), which verifies as well. Signers,
 * AWS KMS among them, give either. Throws for bytes that are no DER signature.
 */
export function lowered(signature: Uint8Array): Uint8Array {
  const { r, s } = DER.toSig(signature, SCALAR);
  return Buffer.from(DER.hexFromSig({ r, s: s > ORDER / 2n ? ORDER - s : s }), 'hex');
}

/** Whether a signature has the one spelling that counts: strict DER, and the lower of its twins. */
export function isLowered(signature: Uint8Array): boolean {
  try {
    return DER.toSig(signature, SCALAR).s <= ORDER / 2n;
  } catch {
    return false; // the codec has no way to ask without trying
  }
}
