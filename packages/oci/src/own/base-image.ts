import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@tenant-delivery/domain';
import { atOnce } from '../at-once.ts';
import { boundLayers } from '../blob-bounds.ts';
import { type ByteSource, bytesOfFile } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import type { Base } from '../inputs-digest.ts';
import type { Layout } from '../layout.ts';
import { ociLayerType } from '../media-types.ts';
import { splitReference } from '../reference.ts';
import type { RegistryReader } from '../registry/port.ts';
import { findBase } from '../registry/pull.ts';
import { type Keep, Rootfs } from '../rootfs.ts';
import { beginning, type StageImage } from './stage.ts';

const DOWNLOADS = 4; // layers that are on their way at once

export interface BaseImages {
  readonly registry: RegistryReader;
  /** What the references were found to mean before. */
  readonly known: readonly Base[];
  /** Where layers are kept. */
  readonly layout: Layout;
  /** A folder for files of layers that the Dockerfile copies. */
  readonly scratch: string;
}

/** A base image as the beginning of a stage. Its layers are on disk; only the names of their files are in memory. */
export async function baseImage(
  { registry, known, layout, scratch }: BaseImages,
  reference: string,
  platform: string,
): Promise<StageImage> {
  const { host, repository, reference: version } = splitReference(reference);
  if (host !== registry.host) {
    throw failures.baseImageUnavailable(reference, `it is not in the tenant's registry, ${registry.host}`);
  }
  const pinned = known.find((one) => one.reference === reference)?.digest;
  const { manifest, config } = await findBase(registry, repository, pinned ?? version, platform);
  boundLayers(reference, manifest.layers);
  await atOnce(DOWNLOADS, distinct(manifest.layers), async (layer) => {
    if (layout.hasBlob(layer.digest)) return;
    await registry.streamBlob(repository, layer, async (parts) => {
      await layout.addBlob(parts);
    });
  });
  const files = new Rootfs<ByteSource>();
  for (const { digest } of manifest.layers) {
    const layer = layout.openBlob(digest);
    await files.apply(layer, unpackedWhenRead(layer, join(scratch, digest.slice('sha256:'.length))));
  }
  const layers = manifest.layers.map(({ mediaType, digest, size }, n) => ({
    descriptor: { mediaType: ociLayerType(mediaType), digest, size },
    diffId: config.rootfs.diff_ids[n] ?? '',
  }));
  return { files, layers, ...beginning(config.config ?? {}), history: config.history ?? [] };
}

function distinct(layers: readonly Descriptor[]): Iterable<Descriptor> {
  return new Map<Digest, Descriptor>(layers.map((layer) => [layer.digest, layer])).values();
}

/** Keeps for each file its place in `path`. That file is written when the first file of the layer is read. */
function unpackedWhenRead(layer: ByteSource, path: string): Keep<ByteSource> {
  let unpacked: Promise<ByteSource> | undefined;
  let end = 0;
  return ({ size }) => {
    const start = end;
    end += size;
    return {
      size,
      async *read(from = 0, to = size) {
        unpacked ??= unpack(layer, path);
        yield* (await unpacked).read(start + from, start + to);
      },
    };
  };
}

/** Writes the content of all files of a layer one after the other, in the order in which `apply` meets them. */
async function unpack(layer: ByteSource, path: string): Promise<ByteSource> {
  const file = openSync(path, 'wx');
  let size = 0;
  try {
    await new Rootfs<undefined>().apply(layer, async ({ parts }) => {
      for await (const part of parts) {
        writeFileSync(file, part);
        size += part.length;
      }
    });
  } finally {
    closeSync(file);
  }
  return bytesOfFile(path, size);
}
