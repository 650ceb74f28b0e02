import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Duty } from '@tenant-delivery/domain';
import type { Signer } from './ports.ts';
import { algorithmOf, SIGNING_KEYS } from './signature-algorithms.ts';

/** Keys that were read, by their PEM, and the ids of keys: one trust file is asked about every event of a change. */
const read = new Map<string, KeyObject | undefined>();
const ids = new WeakMap<KeyObject, string>();
const READ = 1_000; // keys that are remembered; with more, the memory starts over

/** SHA-256 (hex) of a public key's SPKI DER: the DSSE `keyid` of everything that it signed. */
export function keyIdOf(publicKey: KeyObject): string {
  const known = ids.get(publicKey);
  if (known !== undefined) return known;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const id = createHash('sha256').update(der).digest('hex');
  ids.set(publicKey, id);
  return id;
}

/** Reads an SPKI PEM; `undefined` for anything that is not the public half of a key that may sign. */
export function readPublicKey(pem: string): KeyObject | undefined {
  if (!read.has(pem)) {
    if (read.size >= READ) read.clear();
    read.set(pem, parsePublicKey(pem));
  }
  return read.get(pem);
}

function parsePublicKey(pem: string): KeyObject | undefined {
  if (!pem.includes('BEGIN PUBLIC KEY')) return undefined;
  try {
    const key = createPublicKey(pem);
    return algorithmOf(key) && key;
  } catch {
    return undefined; // node:crypto has no way to ask without trying
  }
}

/** A signer over a private key in memory. Throws a TypeError for a key that may not sign. */
export function keySigner(privateKey: string | KeyObject, duty: Duty): Signer {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey;
  const algorithm = algorithmOf(key);
  if (!algorithm) throw new TypeError(`the key is not ${SIGNING_KEYS}`);
  return {
    keyId: keyIdOf(createPublicKey(key)),
    duty,
    algorithm,
    sign: async (bytes) => algorithm.sign(bytes, key),
  };
}

export function isSignedBy(publicKey: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return algorithmOf(publicKey)?.verify(bytes, publicKey, signature) ?? false;
}
