import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Header, pack } from 'tar-stream';
import { unpackLayers } from '../src/registry/unpack.ts';

let root: string;

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'td-unpack-')), 'root');
  mkdirSync(root);
});

afterEach(() => rmSync(join(root, '..'), { recursive: true }));

type Entry = Partial<Header> & { readonly name: string; readonly text?: string };

async function layer(...entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { text, ...header } of entries) archive.entry({ type: 'file', ...header }, text ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  return Buffer.concat(chunks);
}

const at = (path: string) => join(root, path);

describe('the layers of an image', () => {
  it('are laid over each other, and what a later layer removed is gone', async () => {
    await unpackLayers(
      [
        await layer(
          { name: 'etc/a', text: 'first' },
          { name: 'etc/b', text: 'b' },
          { name: 'data/old', text: 'old' },
          { name: 'run', mode: 0o755, text: '#!' },
        ),
        await layer(
          { name: 'etc/a', text: 'second' },
          { name: 'etc/.wh.b' },
          { name: 'data/.wh..wh..opq' },
          { name: 'data/new', text: 'new' },
        ),
      ],
      root,
    );
    expect(readFileSync(at('etc/a'), 'utf8')).toBe('second');
    expect([existsSync(at('etc/b')), existsSync(at('data/old'))]).toEqual([false, false]);
    expect(readFileSync(at('data/new'), 'utf8')).toBe('new');
    expect(lstatSync(at('run')).mode & 0o777).toBe(0o755);
  });

  it('keep their links inside the folder: an absolute one means the image’s own root', async () => {
    await unpackLayers(
      [
        await layer(
          { name: 'opt/app/main', text: 'main' },
          { name: 'usr/bin/app', type: 'symlink', linkname: '/opt/app/main' },
          { name: 'copy', type: 'link', linkname: 'opt/app/main' },
        ),
      ],
      root,
    );
    expect(readFileSync(at('usr/bin/app'), 'utf8')).toBe('main');
    expect(readFileSync(at('copy'), 'utf8')).toBe('main');
  });

  it.each(['.wh...', '.wh..', 'etc/.wh...'])('remove nothing outside the folder: %s', async (name) => {
    const beside = join(root, '../beside');
    mkdirSync(beside);
    const removing = [await layer({ name: 'etc/a', text: 'a' }), await layer({ name })];
    await expect(unpackLayers(removing, root)).rejects.toThrow("outside the image's root");
    expect([existsSync(beside), existsSync(at('etc/a'))]).toEqual([true, true]);
  });

  it.each<[string, readonly Entry[]]>([
    ['by ..', [{ name: '../escaped', text: 'x' }]],
    [
      'through a link to a folder',
      [
        { name: 'out', type: 'symlink', linkname: '../' },
        { name: 'out/escaped', text: 'x' },
      ],
    ],
    [
      'by a folder below a link',
      [
        { name: 'out', type: 'symlink', linkname: '../' },
        { name: 'out/escaped/deep/file', text: 'x' },
      ],
    ],
    ['by a hard link', [{ name: 'inside', type: 'link', linkname: '../escaped' }]],
  ])('never write outside it %s', async (_, entries) => {
    await expect(unpackLayers([await layer(...entries)], root)).rejects.toThrow();
    expect(existsSync(join(root, '../escaped'))).toBe(false);
  });
});
