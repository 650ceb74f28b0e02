import { constants, deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bytesInMemory } from '../src/byte-source.ts';
import { gzipped } from '../src/gzip.ts';
import { archiveOf, type LayerEntry, writeLayer } from '../src/layer.ts';
import { createLayout } from '../src/layout.ts';
import { temporaryFolder } from './layouts.ts';

const entry = (path: string, text: string): LayerEntry => ({
  path,
  kind: 'file',
  content: bytesInMemory(Buffer.from(text)),
  mode: 0o644,
  uid: 0,
  gid: 0,
});

const MIB = 2 ** 20;

async function build(entries: readonly LayerEntry[], epoch: number) {
  const layout = createLayout(temporaryFolder('layer'));
  const layer = await writeLayer(layout, entries, epoch);
  return { ...layer, blob: layout.readBlob(layer.digest) };
}

describe('a layer', () => {
  it('does not depend on the order in which its files were found', async () => {
    const [a, b] = [entry('/a', '1'), entry('/b', '2')];
    expect((await build([a, b], 1)).digest).toBe((await build([b, a], 1)).digest);
  });

  it('has the bytes that it has on every machine: a change here changes every digest', async () => {
    const long = `/${'deep/'.repeat(30)}file`;
    const { diffId } = await build([entry('/a', 'text'), entry(long, 'long path')], 1_800_000_000);
    expect(diffId).toBe('sha256:cf22bf65657582d427d9df3a7edfcc052b941185f0a7616212ff94a30ab64901');
  });

  it('of any size is one gzip member that any reader takes, though it is compressed in parts', async () => {
    const text = Array.from({ length: 60_000 }, (_, n) => `${n} times ${n} is ${n * n}\n`).join('');
    for (const content of ['', text]) {
      const { blob, diffId, digest } = await build([entry('/a', content)], 1);
      const tar = gunzipSync(blob);
      expect([digestOf(tar), digestOf(blob)]).toEqual([diffId, digest]);
      expect(inflateRawSync(blob.subarray(10, -8)).equals(tar)).toBe(true);
      expect(blob.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
    }
  });

  it('is compressed in parts of one MiB, which every later build must cut at the same places', async () => {
    const text = Array.from({ length: 400_000 }, (_, n) => `${n % 977} and `).join('');
    for (const length of [0, MIB - 1536, MIB - 512, MIB, text.length]) {
      const { blob } = await build([entry('/a', text.slice(0, length))], 1);
      const tar = gunzipSync(blob);
      const parts = Array.from({ length: Math.ceil(tar.length / MIB) }, (_, n) =>
        deflateRawSync(tar.subarray(n * MIB, (n + 1) * MIB), {
          level: 6,
          finishFlush: (n + 1) * MIB < tar.length ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
        }),
      );
      expect(Buffer.concat(parts).equals(blob.subarray(10, -8))).toBe(true);
    }
  });

  it('takes any number of links in a row', async () => {
    const link = (_: unknown, n: number): LayerEntry => ({
      path: `/link-${n}`,
      kind: 'symlink',
      target: 'elsewhere',
      mode: 0o777,
      uid: 0,
      gid: 0,
    });
    const { blob } = await build(Array.from({ length: 20_000 }, link), 1);
    expect(gunzipSync(blob)).toHaveLength(20_000 * 512 + 1024);
  });

  it('reads no more of a large file than it can take, and is not made of one that ends early', async () => {
    let read = 0;
    const size = 64 * MIB;
    const slow = (parts: number): LayerEntry => ({
      ...entry('/large', ''),
      kind: 'file',
      content: {
        size,
        *read() {
          for (read = 0; read < parts; read += 1) yield Buffer.alloc(MIB);
        },
      },
    });
    const reading = gzipped(archiveOf([slow(64)], 1));
    await reading.next();
    await reading.next();
    expect(read).toBeLessThan(20);
    await expect(build([slow(63)], 1)).rejects.toThrow();
  });
});
