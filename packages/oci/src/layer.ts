import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { pack } from 'tar-stream';
import { gzipped } from './gzip.ts';

/** One thing in a layer; `path` is absolute, with `/` between its parts and none at its end. */
export type LayerEntry = {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
} & (
  | { readonly kind: 'file'; readonly content: Buffer }
  | { readonly kind: 'directory' }
  | { readonly kind: 'symlink'; readonly target: string }
);

export interface Layer {
  /** Of the archive before compression; what an image configuration lists. */
  readonly diffId: Digest;
  readonly digest: Digest;
  readonly blob: Buffer;
}

/**
 * Packs entries so that the same entries give the same digest on every machine: sorted by path, one modification
 * time (`epoch`, seconds), no names of owners, and "unknown" as the packer's operating system in the gzip header.
 */
export async function buildLayer(entries: readonly LayerEntry[], epoch: number): Promise<Layer> {
  const archive = pack();
  const mtime = new Date(epoch * 1000);
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of sorted) {
    const { mode, uid, gid } = entry;
    const name = entry.path.slice(1);
    const common = { mode, uid, gid, mtime, uname: '', gname: '' };
    if (entry.kind === 'file') archive.entry({ name, type: 'file', ...common }, entry.content);
    else if (entry.kind === 'directory') archive.entry({ name: `${name}/`, type: 'directory', ...common });
    else archive.entry({ name, type: 'symlink', linkname: entry.target, ...common });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  const tar = Buffer.concat(chunks);
  const blob = await gzipped(tar);
  return { diffId: digestOf(tar), digest: digestOf(blob), blob };
}
