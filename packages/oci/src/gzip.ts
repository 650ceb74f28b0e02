import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const LEVEL = 6;
const PART = 1024 * 1024; // bytes; the parts of one archive are compressed side by side

/** Names no time and no operating system ("GZIP file format specification" 4.3, RFC 1952). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** The same bytes in one gzip member, made on every processor; the same input gives the same output on every machine. */
export async function gzipped(bytes: Buffer): Promise<Buffer> {
  const starts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / PART)) }, (_, n) => n * PART);
  const parts = await Promise.all(
    starts.map((start) => {
      const last = start + PART >= bytes.length;
      const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
      return promisify(deflateRaw)(bytes.subarray(start, start + PART), { level: LEVEL, finishFlush });
    }),
  );
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...parts, trailer]);
}
