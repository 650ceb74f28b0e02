import { describe, expect, it } from '@jest/globals';
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
});
