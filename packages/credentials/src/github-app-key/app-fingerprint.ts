import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/**
 * The public half of an App's private key, in base64. `undefined`: the text is no RSA key in PEM. The reason is never
 * told: OpenSSL's words could repeat a part of it.
 */
export function publicHalfOf(pem: string): string | undefined {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') return undefined;
    return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  } catch {
    return undefined;
  }
}

/** 12 hex digits of what the App's settings page shows in base64. */
export function appKeyFingerprint(publicHalf: string): string {
  return hashOf(publicHalf).toString('hex').slice(0, 12);
}

/** As the App's settings page has it. */
export function shownFingerprint(publicHalf: string): string {
  return `SHA256:${hashOf(publicHalf).toString('base64')}`;
}

function hashOf(publicHalf: string): Buffer {
  return createHash('sha256').update(Buffer.from(publicHalf, 'base64')).digest();
}
