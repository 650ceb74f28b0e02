import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { boundSize } from './blob-bounds.ts';
import { type ByteSource, bytesOfFile } from './byte-source.ts';
import { type Descriptor, descriptorSchema } from './descriptor.ts';
import { OCI_INDEX } from './media-types.ts';
import { readRegistryJson } from './registry-json.ts';

/** An OCI image layout on disk ("OCI Image Layout Specification" 1.0): what every builder hands over. */
export interface Layout {
  readonly folder: string;
  /** A whole blob. For manifests and configurations, which are small. */
  readBlob(digest: Digest): Buffer;
  /** A blob of any size. It is hashed the first time, so that its bytes are those of the digest. */
  openBlob(digest: Digest): ByteSource;
  hasBlob(digest: Digest): boolean;
  writeBlob(bytes: Uint8Array): Digest;
  /** Writes a blob as its bytes come, and answers what they were. */
  addBlob(parts: AsyncIterable<Uint8Array>): Promise<{ readonly digest: Digest; readonly size: number }>;
}

export function openLayout(folder: string): Layout {
  const pathOf = (digest: Digest) => join(folder, 'blobs', ...digest.split(':'));
  /** Blobs that were hashed here, when they were written or the first time they were opened. */
  const known = new Set<Digest>();
  let parts = 0;
  const openBlob = (digest: Digest): ByteSource => {
    const path = pathOf(digest);
    const { size } = statSync(path);
    boundSize('layer', path, size);
    const source = bytesOfFile(path, size);
    if (!known.has(digest)) {
      const hash = createHash('sha256');
      for (const part of source.read()) hash.update(part);
      const found = hash.digest('hex');
      if (digest !== `sha256:${found}`) throw new Error(`${path} holds sha256:${found}`);
      known.add(digest);
    }
    return source;
  };
  const readBlob = (digest: Digest): Buffer => {
    const path = pathOf(digest);
    boundSize('layer', path, statSync(path).size);
    const bytes = readFileSync(path);
    const found = digestOf(bytes);
    if (found !== digest) throw new Error(`${path} holds ${found}`);
    return bytes;
  };
  const writeBlob = (bytes: Uint8Array): Digest => {
    const digest = digestOf(bytes);
    const path = pathOf(digest);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
    return digest;
  };
  const addBlob: Layout['addBlob'] = async (source) => {
    parts += 1;
    const path = join(folder, 'blobs', `part-${parts}`);
    const hash = createHash('sha256');
    const file = openSync(path, 'wx');
    let size = 0;
    try {
      for await (const part of source) {
        hash.update(part);
        writeFileSync(file, part);
        size += part.length;
      }
    } catch (thrown) {
      rmSync(path);
      throw thrown;
    } finally {
      closeSync(file);
    }
    const digest: Digest = `sha256:${hash.digest('hex')}`;
    renameSync(path, pathOf(digest));
    known.add(digest);
    return { digest, size };
  };
  const hasBlob = (digest: Digest) => existsSync(pathOf(digest));
  return { folder, readBlob, openBlob, hasBlob, writeBlob, addBlob };
}

export function createLayout(folder: string): Layout {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return openLayout(folder);
}

/** Names the one image of a layout in its `index.json`. */
export function nameRoot(layout: Layout, root: Descriptor): void {
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [root] };
  writeFileSync(join(layout.folder, 'index.json'), JSON.stringify(index));
}

/** The one image of a layout. Throws if there is none, or more than one. */
export function rootOf(layout: Layout): Descriptor {
  const index = readRegistryJson('The index of the layout', readFileSync(join(layout.folder, 'index.json')));
  const { manifests } = v.parse(v.looseObject({ manifests: v.array(descriptorSchema) }), index);
  const distinct = manifests.filter(
    ({ digest }, n) => manifests.findIndex((one) => one.digest === digest) === n,
  );
  const [root] = distinct;
  if (root === undefined || distinct.length > 1) {
    throw new Error(`${layout.folder} holds ${distinct.length} images where one was expected`);
  }
  return root;
}
