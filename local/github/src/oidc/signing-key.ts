import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';

/** An issuer's RS256 key, which is never written anywhere. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JsonWebKey;
}

const FEW = 3;
const made: SigningKey[] = [];
let turns = 0;

/** To make one takes a tenth of a second, so the servers of a process take turns with a few. */
export function signingKey(): SigningKey {
  const turn = turns % FEW;
  turns += 1;
  made[turn] ??= newSigningKey();
  return made[turn];
}

/** One of its own. */
export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = publicKey.export({ format: 'jwk' });
  const keyId = createHash('sha1')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
  return { keyId, privateKey, publicJwk };
}
