import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type LayerEntry, layerEntries } from './layers.ts';

/**
 * Writes the layers into an existing empty folder, lowest first, whiteouts applied.
 * Nothing is ever written outside the folder: an entry whose parent leads out of it, by `..` or a link, is an error.
 * Owners and devices are left out; they need root and no task of ours uses them.
 */
export async function unpackLayers(layers: readonly Buffer[], into: string): Promise<void> {
  const root = realpathSync(into);
  for (const layer of layers) {
    const entries = await layerEntries(layer);
    for (const { path } of entries) applyWhiteout(root, path);
    for (const entry of entries) if (!/(^|\/)\.wh\./.test(entry.path)) place(root, entry);
  }
}

function applyWhiteout(root: string, path: string): void {
  const [, folder = '', name = ''] = /^(.*\/)?\.wh\.([^/]+)$/.exec(path) ?? [];
  if (name === '') return;
  if (name === '.' || name === '..') throw new Error(`${path} is outside the image's root`);
  const parent = inside(root, join(folder, 'x'));
  if (parent === undefined) return;
  const gone = name === '.wh..opq' ? readdirSync(parent) : [name];
  for (const child of gone) rmSync(join(parent, child), { recursive: true, force: true });
}

function place(root: string, { path, header, content }: LayerEntry): void {
  if (path === '') return;
  mkdirSync(parentPath(root, path), { recursive: true });
  const parent = inside(root, path);
  if (parent === undefined) throw new Error(`${path} is outside the image's root`);
  const target = join(parent, path.slice(path.lastIndexOf('/') + 1));
  switch (header.type) {
    case 'directory':
      mkdirSync(target, { recursive: true });
      return;
    case 'symlink':
      rmSync(target, { recursive: true, force: true });
      symlinkSync(insideLink(root, target, header.linkname ?? ''), target);
      return;
    case 'link': {
      const from = inside(root, clean(header.linkname ?? ''));
      if (from === undefined) throw new Error(`${path} links outside the image's root`);
      rmSync(target, { recursive: true, force: true });
      linkSync(
        join(
          from,
          clean(header.linkname ?? '')
            .split('/')
            .at(-1) ?? '',
        ),
        target,
      );
      return;
    }
    case 'file':
    case 'contiguous-file':
      rmSync(target, { recursive: true, force: true });
      writeFileSync(target, content);
      chmodSync(target, (header.mode ?? 0o644) & 0o777);
      return;
    default:
      return;
  }
}

/** The path's parent before it exists; its nearest existing ancestor is checked by `inside` afterwards. */
function parentPath(root: string, path: string): string {
  if (path.split('/').includes('..')) throw new Error(`${path} is outside the image's root`);
  let ancestor = dirname(join(root, path));
  while (!existsSync(ancestor)) ancestor = dirname(ancestor);
  const real = realpathSync(ancestor);
  if (real !== root && !real.startsWith(root + sep)) throw new Error(`${path} is outside the image's root`);
  return dirname(join(root, path));
}

/** The real parent folder of `path`, when it lies in the root. */
function inside(root: string, path: string): string | undefined {
  const parent = dirname(join(root, path));
  if (!existsSync(parent)) return undefined;
  const real = realpathSync(parent);
  return real === root || real.startsWith(root + sep) ? real : undefined;
}

/** An absolute link means the image's own root, which is a folder here. */
function insideLink(root: string, link: string, to: string): string {
  return to.startsWith('/') ? relative(dirname(link), join(root, to)) || '.' : to;
}

function clean(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
