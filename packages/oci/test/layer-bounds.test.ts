import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { bytesInMemory, joined } from '../src/byte-source.ts';
import { LAYER_BOUNDS } from '../src/open-layer.ts';
import { type Keep, Rootfs } from '../src/rootfs.ts';

const MIB = 2 ** 20;
const whole: Keep<Buffer> = ({ parts }) => joined(parts);

async function archiveOf(files: readonly (readonly [name: string, content: Buffer])[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  return Buffer.concat(chunks);
}

const tooLarge = expect.objectContaining({ code: 'LAYER_TOO_LARGE' });

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('a decompression bomb of %s is left before it is unpacked', async (_, compress) => {
  const bomb = compress(await archiveOf([['zeros', Buffer.alloc(256 * MIB)]]));
  expect(bomb.length * LAYER_BOUNDS.perByte).toBeLessThan(256 * MIB);
  const before = process.memoryUsage().arrayBuffers;
  const bounds = { ...LAYER_BOUNDS, always: 8 * MIB };
  await expect(new Rootfs<Buffer>().apply(bytesInMemory(bomb), whole, bounds)).rejects.toEqual(tooLarge);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MIB);
});

test('an archive of too many files is left too, and one inside all bounds is read whole', async () => {
  const files = ['a', 'b', 'c'].map((name) => [name, Buffer.from(name)] as const);
  const blob = bytesInMemory(gzipSync(await archiveOf(files)));
  await expect(new Rootfs<Buffer>().apply(blob, whole, { ...LAYER_BOUNDS, entries: 2 })).rejects.toEqual(
    tooLarge,
  );
  const files3 = new Rootfs<Buffer>();
  await files3.apply(blob, whole, { ...LAYER_BOUNDS, entries: 3 });
  expect(files3.below('/').map(([path]) => path)).toEqual(['/a', '/b', '/c']);
});

test.each([
  ['in a file', 40],
  ['behind the last file, before the checksum', 8],
])('an archive that breaks off %s is an error, and no shorter image', async (_, bytes) => {
  const blob = gzipSync(await archiveOf([['a', Buffer.alloc(MIB, 1)]]));
  await expect(
    new Rootfs<Buffer>().apply(bytesInMemory(blob.subarray(0, blob.length - bytes)), whole),
  ).rejects.toThrow();
});
