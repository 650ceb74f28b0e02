import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { boundSize } from './blob-bounds.ts';
import { type Descriptor, descriptorSchema } from './descriptor.ts';
import { OCI_INDEX } from './media-types.ts';
import { readRegistryJson } from './registry-json.ts';

/** An OCI image layout on disk ("OCI Image Layout Specification" 1.0): what every builder hands over. */
export interface Layout {
  readonly folder: string;
  readBlob(digest: Digest): Buffer;
  writeBlob(bytes: Uint8Array): Digest;
  hasBlob(digest: Digest): boolean;
}

export function openLayout(folder: string): Layout {
  const pathOf = (digest: Digest) => join(folder, 'blobs', ...digest.split(':'));
  const read = (digest: Digest): Buffer => {
    boundSize('layer', pathOf(digest), statSync(pathOf(digest)).size);
    const bytes = readFileSync(pathOf(digest));
    const found = digestOf(bytes);
    if (found !== digest) throw new Error(`${pathOf(digest)} holds ${found}`);
    return bytes;
  };
  return {
    folder,
    readBlob: read,
    writeBlob: (bytes) => {
      const digest = digestOf(bytes);
      const path = pathOf(digest);
      writeFileSync(`${path}.part`, bytes);
      renameSync(`${path}.part`, path);
      return digest;
    },
    hasBlob: (digest) => {
      try {
        read(digest);
        return true;
      } catch {
        return false;
      }
    },
  };
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

/** The one image of a layout; a builder that wrote none or several is not one that we know how to read. */
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
