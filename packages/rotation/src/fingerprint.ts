import { createHash } from 'node:crypto';

/** What a public log may say of a key: 12 hex digits of SHA-256 over the account and the key's id. */
export function fingerprintOf(account: string, keyId: string): string {
  return createHash('sha256').update(account).update(keyId).digest('hex').slice(0, 12);
}
