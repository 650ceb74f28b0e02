import { type Duplex, PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { failures } from './failures.ts';

/** How much of a layer is opened. Its maker may have made it to fill a runner. */
export interface LayerBounds {
  /** Bytes of the archive that every layer may have. */
  readonly always: number;
  /** Beyond those, so many for each byte of the blob. Layers of real images stay under 20. */
  readonly perByte: number;
  /** Bytes that no layer may have more of. */
  readonly most: number;
  readonly entries: number;
}

type Entry = ReturnType<typeof extract> extends AsyncIterable<infer One> ? One : never;

const GIB = 2 ** 30;

export const LAYER_BOUNDS: LayerBounds = { always: GIB, perByte: 100, most: 16 * GIB, entries: 1_000_000 };

/** The entries of a layer's archive, unpacked as they are read. A layer that is too large is never unpacked to its end. */
export async function* openLayer(blob: Buffer, bounds: LayerBounds): AsyncGenerator<Entry> {
  const most = Math.min(bounds.most, Math.max(bounds.always, blob.length * bounds.perByte));
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) throw failures.layerTooLarge(blob.length, `more than ${most} bytes`);
      yield chunk;
    }
  }
  const archive = extract();
  const fed = pipeline(Readable.from([blob]), unpacking(blob), counted, archive);
  fed.catch(() => {}); // reported below, or by the archive to its reader
  let entries = 0;
  for await (const entry of archive) {
    entries += 1;
    if (entries > bounds.entries)
      throw failures.layerTooLarge(blob.length, `more than ${bounds.entries} files`);
    yield entry;
  }
  await fed;
}

function unpacking(blob: Buffer): Duplex {
  if (blob[0] === 0x1f && blob[1] === 0x8b) return createGunzip();
  if (blob.length > 4 && blob.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress();
  return new PassThrough();
}
