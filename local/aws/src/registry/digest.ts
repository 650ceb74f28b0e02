import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The one algorithm that this registry stores by; others are refused, never treated as unknown blobs. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** The bytes behind a digest, from any repository. */
export function blobAt(world: World, digest: string): Buffer | undefined {
  return world.blobs.get(digest.slice('sha256:'.length));
}
