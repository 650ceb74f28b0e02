import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { endianness } from 'node:os';
import { hsalsa, secretbox } from '@noble/ciphers/salsa.js';
import { blake2b } from '@noble/hashes/blake2.js';

const NONCE = 24; // bytes of XSalsa20's nonce
const RAW = 32; // bytes of an X25519 key at the end of its DER form
/** What stands before the 32 bytes of an X25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const X25519 = Buffer.from('302a300506032b656e032100', 'hex');
const SIGMA = new TextEncoder().encode('expand 32-byte k'); // the constant of Salsa20

/**
 * A sealed box of libsodium: only the holder of the recipient's private key can open it, and nobody can tell who made
 * it. Its nonce is BLAKE2b of both public keys. Node agrees on the secret; the ciphers are those that Node lacks.
 */
export function sealed(value: string, recipient: Uint8Array): Buffer {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const sender = publicKey.export({ type: 'spki', format: 'der' }).subarray(-RAW);
  const theirs = createPublicKey({ key: Buffer.concat([X25519, recipient]), format: 'der', type: 'spki' });
  const agreed = new Uint8Array(diffieHellman({ privateKey, publicKey: theirs }));
  const key = new Uint8Array(RAW);
  hsalsa(words(SIGMA), words(agreed), new Uint32Array(4), words(key));
  const message = Buffer.from(value);
  const nonce = blake2b(Buffer.concat([sender, recipient]), { dkLen: NONCE });
  const box = secretbox(key, nonce).seal(message);
  for (const secret of [agreed, key, message]) secret.fill(0);
  return Buffer.concat([sender, box]);
}

/** Bytes as words where they are; Salsa20 counts them from the little end, as every machine that runs Actions does. */
function words(bytes: Uint8Array): Uint32Array {
  if (endianness() !== 'LE') throw new Error('Secrets are sealed on little-endian machines only.');
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
