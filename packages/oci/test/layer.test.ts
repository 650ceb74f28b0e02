import { gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { buildLayer, type LayerEntry } from '../src/layer.ts';

const entry = (path: string, text: string): LayerEntry => ({
  path,
  kind: 'file',
  content: Buffer.from(text),
  mode: 0o644,
  uid: 0,
  gid: 0,
});

describe('a layer', () => {
  it('does not depend on the order in which its files were found', async () => {
    const [a, b] = [entry('/a', '1'), entry('/b', '2')];
    expect((await buildLayer([a, b], 1)).digest).toBe((await buildLayer([b, a], 1)).digest);
  });

  it('has the bytes that it has on every machine: a change here changes every digest', async () => {
    const long = `/${'deep/'.repeat(30)}file`;
    const { diffId } = await buildLayer([entry('/a', 'text'), entry(long, 'long path')], 1_800_000_000);
    expect(diffId).toBe('sha256:cf22bf65657582d427d9df3a7edfcc052b941185f0a7616212ff94a30ab64901');
  });

  it('of any size is one gzip member that any reader takes, though it is compressed in parts', async () => {
    const text = Array.from({ length: 60_000 }, (_, n) => `${n} times ${n} is ${n * n}\n`).join('');
    for (const content of ['', text]) {
      const { blob, diffId, digest } = await buildLayer([entry('/a', content)], 1);
      const tar = gunzipSync(blob);
      expect([digestOf(tar), digestOf(blob)]).toEqual([diffId, digest]);
      expect(inflateRawSync(blob.subarray(10, -8)).equals(tar)).toBe(true);
      expect(blob.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
    }
  });
});
