import { createHash } from 'node:crypto';

/**
 * The id of the escrow version that one attempt to create a key uses: a UUID (version 5) of credential, generation and
 * attempt. The same attempt means the same version; another attempt may hold another pair.
 */
export function escrowVersion(credential: string, generation: number, attempt: number): string {
  const name = `tenant-delivery/rotation/${credential}/${generation}/${attempt}`;
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562: names that are URLs
