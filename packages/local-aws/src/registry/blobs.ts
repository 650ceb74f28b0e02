import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world/world.ts';
import { digestOf } from './digest.ts';

/** Blob bytes by digest, one pool for all accounts; which repository may serve a blob is the store's business. */
export interface Blobs {
  size(digest: string): number | undefined;
  read(digest: string): Buffer | undefined;
  /** Keeps the bytes and answers their digest. */
  write(bytes: Buffer): string;
}

const pools = new WeakMap<World, Blobs>();

/** Bytes are kept in memory, and in the world's directory where it has one, so that a later start finds them. */
export function blobsOf(world: World): Blobs {
  const known = pools.get(world);
  if (known) return known;
  const made = pool(world.directory === undefined ? undefined : join(world.directory, 'blobs'));
  pools.set(world, made);
  return made;
}

function pool(folder: string | undefined): Blobs {
  const held = new Map<string, Buffer>();
  const fileOf = (digest: string) => (folder === undefined ? undefined : join(folder, digest.slice(7)));
  const read = (digest: string): Buffer | undefined => {
    const inMemory = held.get(digest);
    if (inMemory) return inMemory;
    const file = fileOf(digest);
    if (file === undefined || !existsSync(file)) return undefined;
    const bytes = readFileSync(file);
    held.set(digest, bytes);
    return bytes;
  };
  return {
    size: (digest) => read(digest)?.length,
    read,
    write: (bytes) => {
      const digest = digestOf(bytes);
      held.set(digest, bytes);
      const file = fileOf(digest);
      if (folder !== undefined && file !== undefined && !existsSync(file)) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${file}.part`, bytes);
        renameSync(`${file}.part`, file);
      }
      return digest;
    },
  };
}
