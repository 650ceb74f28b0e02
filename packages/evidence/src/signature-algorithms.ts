import type { KeyObject } from 'node:crypto';
import { ecdsaP256 } from './ecdsa-p256.ts';

/** How the keys of one kind sign, and which of several spellings of a signature counts. */
export interface SignatureAlgorithm {
  /** The kind of key, as an error names it: `an ECDSA key on P-256`. */
  readonly key: string;
  /** As AWS KMS calls it, and the digest that KMS signs in the place of a message ("Sign", AWS KMS API Reference). */
  readonly kms: { readonly name: 'ECDSA_SHA_256'; readonly digest: 'sha256' };
  /** Whether a key, public or private, is of this kind. */
  isOf(key: KeyObject): boolean;
  sign(bytes: Uint8Array, privateKey: KeyObject): Uint8Array;
  verify(bytes: Uint8Array, publicKey: KeyObject, signature: Uint8Array): boolean;
  /** The spelling of a signature that counts. Throws for bytes that are no signature. */
  canonical(signature: Uint8Array): Uint8Array;
  /** What `canonical` gives, as an error says it. */
  readonly canonicalForm: string;
  isCanonical(signature: Uint8Array): boolean;
}

/** Another algorithm is a file like `ecdsa-p256.ts` and its entry here. */
const ALGORITHMS: readonly SignatureAlgorithm[] = [ecdsaP256];

/** Every kind of key that may sign, in words. */
export const SIGNING_KEYS = ALGORITHMS.map(({ key }) => key).join(' or ');

/** The algorithm of a key, public or private; `undefined` for a key that may not sign here. */
export function algorithmOf(key: KeyObject): SignatureAlgorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm.isOf(key));
}
