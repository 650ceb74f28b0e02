import { posix } from 'node:path';
import type { ByteSource } from './byte-source.ts';
import { type ArchiveEntry, LAYER_BOUNDS, type LayerBounds, openLayer } from './open-layer.ts';

interface Owned {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type FolderNode = Owned & { readonly kind: 'directory' };

/** What a path of an image is, seen through all its layers. */
export type FileNode<Content> =
  | (Owned & { readonly kind: 'file'; readonly content: Content })
  | (Owned & { readonly kind: 'symlink'; readonly target: string })
  | FolderNode;

/** A file in a layer's archive, at the moment when the archive is read. */
export interface ArchivedFile {
  readonly path: string;
  readonly size: number;
  /** Its bytes, which can be read now. The archive goes on afterwards. */
  readonly parts: AsyncIterable<Buffer>;
}

/** What is kept of a file in a layer's archive. */
export type Keep<Content> = (file: ArchivedFile) => Content | Promise<Content>;

/** A path leads through more links than Linux follows (ELOOP). */
export class TooManyLinks extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} leads through more than ${LINK_LIMIT} links`);
    this.path = path;
  }
}

const LINK_LIMIT = 40; // as Linux

const ROOT: FolderNode = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };

/** The files of an image: base layers below, and on top what was copied. `Content` is what it keeps of a file. */
export class Rootfs<Content> {
  readonly #nodes = new Map<string, FileNode<Content>>();
  /** The names in each folder that has, or had, something in it. */
  readonly #names = new Map<string, Set<string>>();

  copy(): Rootfs<Content> {
    const copy = new Rootfs<Content>();
    for (const [path, node] of this.#nodes) copy.#nodes.set(path, node);
    for (const [folder, names] of this.#names) copy.#names.set(folder, new Set(names));
    return copy;
  }

  get(path: string): FileNode<Content> | undefined {
    return path === '/' ? ROOT : this.#nodes.get(path);
  }

  /** Every path below a folder, sorted. */
  below(folder: string): readonly (readonly [string, FileNode<Content>])[] {
    const found: [string, FileNode<Content>][] = [];
    for (const path of this.#pathsBelow(folder)) {
      const node = this.#nodes.get(path);
      if (node !== undefined) found.push([path, node]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  put(path: string, node: FileNode<Content>): void {
    if (node.kind !== 'directory') this.#removeBelow(path);
    this.#nodes.set(path, node);
    for (let at = path; at !== '/'; at = posix.dirname(at)) {
      const folder = posix.dirname(at);
      const names = this.#names.get(folder) ?? new Set();
      if (names.has(posix.basename(at))) return;
      this.#names.set(folder, names.add(posix.basename(at)));
    }
  }

  /**
   * Where a path really leads, links of every parent followed inside the root; its last part too when asked. Throws
   * TooManyLinks.
   */
  resolve(path: string, followLast: boolean): string {
    const left = partsOf(path).reverse();
    let at = '/';
    for (let links = 0; left.length > 0; ) {
      const part = left.pop() ?? '';
      if (part === '.') continue;
      const next = posix.join(at, part); // `..` ends at the root
      const node = this.#nodes.get(next);
      if (node?.kind === 'symlink' && (left.length > 0 || followLast)) {
        links += 1;
        if (links > LINK_LIMIT) throw new TooManyLinks(path);
        if (node.target.startsWith('/')) at = '/';
        left.push(...partsOf(node.target).reverse());
      } else {
        at = next;
      }
    }
    return at;
  }

  /** Makes a folder with `mode`, and its missing parents; answers what had to be made, for the layer. */
  makeFolder(
    path: string,
    { uid, gid }: { readonly uid: number; readonly gid: number },
    mode = 0o755,
  ): readonly (FolderNode & { readonly path: string })[] {
    const made: (FolderNode & { readonly path: string })[] = [];
    let at = '/';
    for (const part of partsOf(path)) {
      at = posix.join(at, part);
      if (this.#nodes.get(at)?.kind === 'directory') continue;
      const node = { kind: 'directory', mode, uid, gid } as const;
      this.put(at, node);
      made.push({ path: at, ...node });
    }
    return made;
  }

  /** Applies a layer's archive, whiteouts included. LAYER_TOO_LARGE ends it as soon as the archive passes its bounds. */
  async apply(layer: ByteSource, keep: Keep<Content>, bounds: LayerBounds = LAYER_BOUNDS): Promise<void> {
    const added: (readonly [string, FileNode<Content>])[] = [];
    /** By path, the newest: what a hard link of the same layer means. */
    const newest = new Map<string, FileNode<Content>>();
    for await (const entry of openLayer(layer, bounds)) {
      const path = posix.resolve('/', entry.header.name);
      const base = posix.basename(path);
      if (base === '.wh..wh..opq') this.#removeBelow(posix.dirname(path));
      else if (base.startsWith('.wh.')) this.#remove(posix.join(posix.dirname(path), base.slice(4)));
      else {
        const linked = (to: string) => newest.get(to) ?? this.#nodes.get(to);
        const node = await nodeOf(entry, path, keep, linked);
        if (node !== undefined) {
          added.push([path, node]);
          newest.set(path, node);
        }
      }
      entry.resume(); // what nobody wanted of it
    }
    for (const [path, node] of added) this.put(path, node);
  }

  *#pathsBelow(folder: string): Generator<string> {
    const open = [folder];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const name of this.#names.get(at) ?? []) {
        const path = posix.join(at, name);
        open.push(path);
        yield path;
      }
    }
  }

  #removeBelow(folder: string): void {
    if (!this.#names.has(folder)) return;
    for (const path of [...this.#pathsBelow(folder)]) {
      this.#nodes.delete(path);
      this.#names.delete(path);
    }
    this.#names.delete(folder);
  }

  #remove(path: string): void {
    this.#removeBelow(path);
    this.#nodes.delete(path);
    this.#names.get(posix.dirname(path))?.delete(posix.basename(path));
  }
}

/** What an entry of an archive puts at its path. Nothing if it is a device, or a hard link to nothing. */
async function nodeOf<Content>(
  entry: ArchiveEntry,
  path: string,
  keep: Keep<Content>,
  linked: (path: string) => FileNode<Content> | undefined,
): Promise<FileNode<Content> | undefined> {
  const { type, mode, uid, gid, size = 0, linkname } = entry.header;
  const owned = { mode: mode & 0o7777, uid, gid };
  if (type === 'directory') return { kind: 'directory', ...owned };
  if (type === 'symlink') return { kind: 'symlink', target: linkname ?? '', ...owned };
  if (type === 'link') return linked(posix.resolve('/', linkname ?? ''));
  if (type !== 'file') return undefined;
  const parts = entry as AsyncIterable<Buffer>; // tar-stream only yields bytes
  return { kind: 'file', content: await keep({ path, size, parts }), ...owned };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
