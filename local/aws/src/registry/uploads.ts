import { randomUUID } from 'node:crypto';
import type { World } from '../world/world.ts';
import { digestOf, isDigest } from './digest.ts';
import { digestInvalid, RegistryError, uploadUnknown } from './error.ts';
import type { Repository } from './store.ts';

interface Upload {
  readonly repository: Repository;
  readonly chunks: Buffer[];
  size: number;
}

const open = new WeakMap<World, Map<string, Upload>>();

function uploadsOf(world: World): Map<string, Upload> {
  const uploads = open.get(world) ?? new Map<string, Upload>();
  open.set(world, uploads);
  return uploads;
}

export function beginUpload(world: World, repository: Repository): string {
  const id = randomUUID();
  uploadsOf(world).set(id, { repository, chunks: [], size: 0 });
  return id;
}

export function uploadOf(world: World, repository: Repository, id: string): Upload {
  const upload = uploadsOf(world).get(id);
  if (upload?.repository !== repository) throw uploadUnknown(id);
  return upload;
}

/** Appends a chunk; one that does not begin where the last ended is refused ("Pushing a blob in chunks"). */
export function appendChunk(upload: Upload, chunk: Buffer, contentRange: string | undefined): void {
  const from = /^(?:bytes )?(\d+)-(\d+)/.exec(contentRange ?? '');
  const fits =
    !from || (Number(from[1]) === upload.size && Number(from[2]) - Number(from[1]) + 1 === chunk.length);
  if (!fits) {
    throw new RegistryError(
      'BLOB_UPLOAD_INVALID',
      416,
      `the chunk ${contentRange} does not continue at ${upload.size}`,
    );
  }
  upload.chunks.push(chunk);
  upload.size += chunk.length;
}

export function finishUpload(world: World, id: string, upload: Upload, digest: string): void {
  if (!isDigest(digest)) throw new RegistryError('DIGEST_INVALID', 400, `${digest} is not a sha256 digest`);
  const bytes = Buffer.concat(upload.chunks);
  uploadsOf(world).delete(id);
  const found = digestOf(bytes);
  if (found !== digest) throw digestInvalid(digest, found);
  world.blobs.put(bytes);
  upload.repository.blobs[digest] = true;
  world.touched();
}

export function cancelUpload(world: World, id: string): void {
  uploadsOf(world).delete(id);
}
