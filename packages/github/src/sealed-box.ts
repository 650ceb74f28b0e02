import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import blake from 'blakejs';
import nacl from 'tweetnacl';

const NONCE = 24; // bytes of XSalsa20's nonce
const RAW = 32; // bytes of an X25519 key at the end of its DER form
/** What stands before the 32 bytes of an X25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const X25519 = Buffer.from('302a300506032b656e032100', 'hex');
const SIGMA = Buffer.from('expand 32-byte k'); // the constant of Salsa20

/** The step from an agreed secret to the cipher's key; tweetnacl's types leave out what `box` is made of. */
const { lowlevel } = nacl as typeof nacl & {
  readonly lowlevel: {
    crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
  };
};

/**
 * A sealed box of libsodium: only the holder of the recipient's private key can open it, and nobody can tell who made
 * it. Its nonce is BLAKE2b of both public keys. Node agrees on the secret; tweetnacl has the cipher, which Node lacks.
 */
export function sealed(value: string, recipient: Uint8Array): Buffer {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const sender = publicKey.export({ type: 'spki', format: 'der' }).subarray(-RAW);
  const theirs = createPublicKey({ key: Buffer.concat([X25519, recipient]), format: 'der', type: 'spki' });
  const agreed = diffieHellman({ privateKey, publicKey: theirs });
  const key = new Uint8Array(RAW);
  lowlevel.crypto_core_hsalsa20(key, new Uint8Array(16), agreed, SIGMA);
  const message = Buffer.from(value);
  const nonce = blake.blake2b(Buffer.concat([sender, recipient]), undefined, NONCE);
  const box = nacl.secretbox(message, nonce, key);
  for (const secret of [agreed, key, message]) secret.fill(0);
  return Buffer.concat([sender, box]);
}
