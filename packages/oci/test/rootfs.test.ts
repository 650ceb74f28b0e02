import { describe, expect, it, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { bytesInMemory, joined } from '../src/byte-source.ts';
import { Rootfs, TooManyLinks } from '../src/rootfs.ts';

type Header = Parameters<ReturnType<typeof pack>['entry']>[0];

/** A layer of these entries in this order; a text is a file's content. */
async function layer(...entries: readonly (readonly [Header, string?])[]) {
  const archive = pack();
  for (const [header, text] of entries) archive.entry(header, text ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  return bytesInMemory(Buffer.concat(chunks));
}

async function filesOf(...layers: readonly Awaited<ReturnType<typeof layer>>[]) {
  const files = new Rootfs<string>();
  for (const one of layers) await files.apply(one, async ({ parts }) => (await joined(parts)).toString());
  return files;
}

const file = (name: string, text: string) => [{ name }, text] as const;
const link = (name: string, linkname: string) => [{ name, type: 'symlink', linkname } as const] as const;
const hard = (name: string, linkname: string) => [{ name, type: 'link', linkname } as const] as const;
const paths = (files: Rootfs<string>) =>
  files.below('/').map(([path, node]) => `${path} ${node.kind === 'file' ? node.content : node.kind}`);

describe('the layers of an image', () => {
  it('take away what lower ones have, and never what they have themselves', async () => {
    const lower = await layer(file('a/x', '1'), file('a/y', '2'), file('ab', '3'), file('b/deep/z', '4'));
    const upper = await layer(
      file('a/y', 'new'),
      file('a/.wh.x', ''),
      file('b/.wh..wh..opq', ''),
      file('b/w', '5'),
    );
    expect(paths(await filesOf(lower, upper))).toEqual(['/a/y new', '/ab 3', '/b/w 5']);
    const whole = await layer(file('.wh.a', ''), file('a/x', 'again'));
    expect(paths(await filesOf(lower, whole))).toEqual(['/a/x again', '/ab 3', '/b/deep/z 4']);
  });

  it('put a file in place of a folder with all that is in it, and keep that under a folder', async () => {
    const lower = await layer(file('a/x', '1'), file('b/y', '2'));
    const upper = await layer(file('a', 'file'), [{ name: 'b/', type: 'directory' }]);
    expect(paths(await filesOf(lower, upper))).toEqual(['/a file', '/b directory', '/b/y 2']);
  });

  it('mean by a hard link the newest file of that name, of this layer or of a lower one', async () => {
    const lower = await layer(file('a', 'lower'));
    const upper = await layer(
      hard('one', 'a'),
      file('a', 'first'),
      file('a', 'second'),
      hard('two', 'a'),
      hard('none', 'x'),
    );
    expect(paths(await filesOf(lower, upper))).toEqual(['/a second', '/one lower', '/two second']);
  });
});

describe('a path', () => {
  it('leads through as many links as on Linux and no more, and never out of the image', async () => {
    const chain = (links: number) =>
      Array.from({ length: links }, (_, n) => link(`l${n}`, n === 0 ? 'end' : `l${n - 1}`));
    const files = await filesOf(await layer(...chain(41), link('up', '../../..'), link('round', '/round')));
    expect(files.resolve('/l39', true)).toBe('/end');
    expect(() => files.resolve('/l40', true)).toThrow(TooManyLinks);
    expect(() => files.resolve('/round/x', false)).toThrow(TooManyLinks);
    expect(files.resolve('/up/etc', true)).toBe('/etc');
  });
});

test('a copy of files goes its own way', async () => {
  const files = await filesOf(await layer(file('a/x', '1')));
  const copy = files.copy();
  copy.put('/a', { kind: 'file', content: 'new', mode: 0o644, uid: 0, gid: 0 });
  copy.makeFolder('/b/c', { uid: 0, gid: 0 });
  expect(paths(files)).toEqual(['/a/x 1']);
  expect(paths(copy)).toEqual(['/a new', '/b directory', '/b/c directory']);
});
