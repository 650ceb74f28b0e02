import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const LEVEL = 6;
const PART = 1024 * 1024; // bytes; the parts of one archive are compressed side by side
const SIDE_BY_SIDE = 8;

/** Names no time and no operating system ("GZIP file format specification" 4.3, RFC 1952). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

const deflated = promisify(deflateRaw);

/**
 * One gzip member of all bytes, made on every processor. The same input gives the same output on every machine. It holds
 * no more than `SIDE_BY_SIDE` parts, and reads on when the reader has taken one.
 */
export async function* gzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  yield HEADER;
  const compressing: Promise<Buffer>[] = [];
  let [sum, size] = [0, 0];
  for await (const { bytes, last } of inParts(source)) {
    sum = crc32(bytes, sum);
    size += bytes.length;
    const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    compressing.push(deflated(bytes, { level: LEVEL, finishFlush }));
    if (compressing.length === SIDE_BY_SIDE) yield await next(compressing);
  }
  while (compressing.length > 0) yield await next(compressing);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield trailer;
}

async function next(compressing: Promise<Buffer>[]): Promise<Buffer> {
  return (await compressing.shift()) ?? Buffer.alloc(0);
}

/** Parts of exactly `PART` bytes. The last has what is left, and is the only one that may be empty. */
async function* inParts(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly bytes: Buffer; readonly last: boolean }> {
  let part = Buffer.allocUnsafe(PART);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === PART) {
        yield { bytes: part, last: false };
        part = Buffer.allocUnsafe(PART);
        filled = 0;
      }
      const taken = chunk.subarray(at, at + PART - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield { bytes: part.subarray(0, filled), last: true };
}
