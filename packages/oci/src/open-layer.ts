import { type Duplex, PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { type ByteSource, joined } from './byte-source.ts';
import { failures } from './failures.ts';

/** How much of a layer is opened. Somebody may have made it to fill a runner's disk or memory. */
export interface LayerBounds {
  /** Bytes of the archive that every layer may have. */
  readonly always: number;
  /** A larger archive may have this many bytes for each byte of the blob. Layers of real images stay under 20. */
  readonly perByte: number;
  /** Bytes that no layer may have more of. */
  readonly most: number;
  readonly entries: number;
}

export type ArchiveEntry = ReturnType<typeof extract> extends AsyncIterable<infer One> ? One : never;

const GIB = 2 ** 30;

export const LAYER_BOUNDS: LayerBounds = { always: GIB, perByte: 100, most: 16 * GIB, entries: 1_000_000 };

/** The entries of a layer's archive, unpacked as they are read. A layer that is too large is never unpacked to its end. */
export async function* openLayer(layer: ByteSource, bounds: LayerBounds): AsyncGenerator<ArchiveEntry> {
  const most = Math.min(bounds.most, Math.max(bounds.always, layer.size * bounds.perByte));
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) throw failures.layerTooLarge(layer.size, `more than ${most} bytes`);
      yield chunk;
    }
  }
  const archive = extract();
  const blob = Readable.from(layer.read(), { objectMode: false });
  const fed = pipeline(blob, await unpacking(layer), counted, archive);
  fed.catch(() => {}); // reported below, or by the archive to its reader
  let entries = 0;
  for await (const entry of archive) {
    entries += 1;
    if (entries > bounds.entries)
      throw failures.layerTooLarge(layer.size, `more than ${bounds.entries} files`);
    yield entry;
  }
  await fed;
}

async function unpacking(layer: ByteSource): Promise<Duplex> {
  const start = await joined(layer.read(0, Math.min(4, layer.size)));
  if (start[0] === 0x1f && start[1] === 0x8b) return createGunzip();
  if (start.length === 4 && start.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress();
  return new PassThrough();
}
