import { sign, verify } from 'node:crypto';
import { DER } from '@noble/curves/abstract/der.js';
import type { SignatureAlgorithm } from './signature-algorithms.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // n of P-256 (SP 800-186, 3.2.1.3)
const SCALAR = 33; // bytes; 32 and a zero before a first bit that is set

/**
 * ECDSA on P-256 with SHA-256; a signature is DER. Anybody who has a signature (r, s) can write its twin (r, n − s), which
 * verifies as well, and signers, AWS KMS among them, give either. The lower of the twins counts.
 */
export const ecdsaP256: SignatureAlgorithm = {
  key: 'an ECDSA key on P-256',
  kms: { name: 'ECDSA_SHA_256', digest: 'sha256' },
  isOf: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  sign: (bytes, privateKey) => sign('sha256', bytes, privateKey),
  verify: (bytes, publicKey, signature) => verify('sha256', bytes, publicKey, signature),
  canonical: (signature) => {
    const { r, s } = DER.toSig(signature, SCALAR);
    return Buffer.from(DER.hexFromSig({ r, s: s > ORDER / 2n ? ORDER - s : s }), 'hex');
  },
  canonicalForm: 'the lower of its twins in strict DER',
  isCanonical: (signature) => {
    try {
      return DER.toSig(signature, SCALAR).s <= ORDER / 2n;
    } catch {
      return false; // the codec has no way to ask without trying
    }
  },
};
