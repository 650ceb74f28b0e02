import { posix } from 'node:path';
import type { LayerEntry } from './layer.ts';
import { LAYER_BOUNDS, type LayerBounds, openLayer } from './open-layer.ts';

/** What a path of an image is, seen through all its layers. */
export type FileNode = {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
} & (
  | { readonly kind: 'file'; readonly content: Buffer }
  | { readonly kind: 'directory' }
  | { readonly kind: 'symlink'; readonly target: string }
);

const EMPTY = Buffer.alloc(0);

const LINK_LIMIT = 40; // as Linux

/** The files of an image under construction: base layers below, what was copied on top. */
export class Rootfs {
  readonly #nodes: Map<string, FileNode>;
  /** Every path that has, or had, something below it. */
  readonly #folders: Set<string>;

  constructor(nodes: Iterable<readonly [string, FileNode]> = [], folders: Iterable<string> = []) {
    this.#nodes = new Map(nodes);
    this.#folders = new Set(folders);
  }

  copy(): Rootfs {
    return new Rootfs(this.#nodes, this.#folders);
  }

  get(path: string): FileNode | undefined {
    return path === '/' ? { kind: 'directory', mode: 0o755, uid: 0, gid: 0 } : this.#nodes.get(path);
  }

  /** Every path below a folder, sorted. */
  below(folder: string): readonly (readonly [string, FileNode])[] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...this.#nodes].filter(([path]) => path.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  put(path: string, node: FileNode): void {
    if (node.kind !== 'directory' && this.#folders.has(path)) this.#removeBelow(path);
    this.#nodes.set(path, node);
    for (let at = posix.dirname(path); !this.#folders.has(at); at = posix.dirname(at)) this.#folders.add(at);
  }

  /** Where a path really leads, links of every parent followed inside the root; its last part too when asked. */
  resolve(path: string, followLast: boolean): string {
    let left = path.split('/').filter((part) => part !== '');
    let at = '/';
    for (let links = 0; left.length > 0; ) {
      const [part = '', ...rest] = left;
      left = rest;
      if (part === '.') continue;
      const next = posix.join(at, part); // `..` ends at the root
      const node = this.#nodes.get(next);
      if (node?.kind === 'symlink' && (rest.length > 0 || followLast)) {
        links += 1;
        if (links > LINK_LIMIT) throw new Error(`${path} leads through too many links`);
        if (node.target.startsWith('/')) at = '/';
        left = [...node.target.split('/').filter((one) => one !== ''), ...rest];
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
  ): readonly LayerEntry[] {
    const made: LayerEntry[] = [];
    const parts = path.split('/').filter((part) => part !== '');
    parts.forEach((_, n) => {
      const folder = `/${parts.slice(0, n + 1).join('/')}`;
      if (this.#nodes.get(folder)?.kind === 'directory') return;
      const node = {
        kind: 'directory',
        mode: n === parts.length - 1 ? mode : 0o755,
        uid,
        gid,
      } as const;
      this.put(folder, node);
      made.push({ path: folder, ...node });
    });
    return made;
  }

  /**
   * Applies a layer's archive, whiteouts included; files that `keep` does not want are there but empty. LAYER_TOO_LARGE ends
   * it as soon as the archive passes its bounds.
   */
  async apply(
    blob: Buffer,
    keep: (path: string) => boolean = () => true,
    bounds: LayerBounds = LAYER_BOUNDS,
  ): Promise<void> {
    const added: (readonly [string, FileNode])[] = [];
    for await (const entry of openLayer(blob, bounds)) {
      const { name, type, mode, uid, gid, linkname } = entry.header;
      const path = posix.resolve('/', name);
      const wanted = type === 'file' && keep(path);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (wanted) chunks.push(chunk as Buffer); // tar-stream only yields bytes
      const base = posix.basename(path);
      const owner = { mode: mode & 0o7777, uid, gid };
      if (base === '.wh..wh..opq') this.#removeBelow(posix.dirname(path));
      else if (base.startsWith('.wh.')) this.#remove(posix.join(posix.dirname(path), base.slice(4)));
      else if (type === 'directory') added.push([path, { kind: 'directory', ...owner }]);
      else if (type === 'symlink') added.push([path, { kind: 'symlink', target: linkname, ...owner }]);
      else if (type === 'file')
        added.push([path, { kind: 'file', content: wanted ? joined(chunks) : EMPTY, ...owner }]);
      else if (type === 'link') {
        const from = posix.resolve('/', linkname);
        const node = added.findLast(([one]) => one === from)?.[1] ?? this.#nodes.get(from);
        if (node) added.push([path, node]);
      }
    }
    for (const [path, node] of added) this.put(path, node);
  }

  #removeBelow(folder: string): void {
    for (const [path] of this.below(folder)) this.#nodes.delete(path);
  }

  #remove(path: string): void {
    this.#removeBelow(path);
    this.#nodes.delete(path);
  }
}

/** One part is taken as it is: a large file is not copied once more. */
function joined(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}
