import { createHash } from 'node:crypto';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import type { Vault } from './ports.ts';

export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function keyOf(digest: Digest): string {
  return `objects/sha256/${digest.slice('sha256:'.length)}`;
}

/** Stores a document under its own digest, in canonical bytes. Storing it twice is one object. */
export async function putDocument(vault: Vault, document: unknown): Promise<Digest> {
  return putBytes(vault, Buffer.from(canonicalJson(document)));
}

export async function putBytes(vault: Vault, bytes: Uint8Array): Promise<Digest> {
  const digest = digestOf(bytes);
  await vault.create(keyOf(digest), bytes);
  return digest;
}

/** The bytes behind a digest, or why they cannot be had. Bytes that do not hash to the digest are never returned. */
export async function getBytes(vault: Vault, digest: Digest): Promise<Uint8Array | 'absent' | 'altered'> {
  const stored = await vault.read(keyOf(digest));
  if (stored === undefined) return 'absent';
  return digestOf(stored.bytes) === digest ? stored.bytes : 'altered';
}
