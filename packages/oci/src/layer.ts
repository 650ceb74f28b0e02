import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '@tenant-delivery/domain';
import { type Pack, pack } from 'tar-stream';
import { type ByteSource, joined } from './byte-source.ts';
import { gzipped } from './gzip.ts';
import type { Layout } from './layout.ts';

const SMALL = 1024 * 1024; // bytes; a file of so many is taken whole

const HEADER = 512; // bytes of an entry without content
const MOST_AHEAD = 1024 * 1024; // bytes

/** One thing in a layer; `path` is absolute, with `/` between its parts and none at its end. */
export type LayerEntry = {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
} & (
  | { readonly kind: 'file'; readonly content: ByteSource }
  | { readonly kind: 'directory' }
  | { readonly kind: 'symlink'; readonly target: string }
);

export interface Layer {
  /** Of the archive before compression; what an image configuration lists. */
  readonly diffId: Digest;
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Packs entries into a layout, so that the same entries give the same digest on every machine: sorted by path, one
 * modification time (`epoch`, seconds), no names of owners, and "unknown" as the packer's operating system in the gzip
 * header. Files are read while the layer is written, and no more of them than it can take.
 */
export async function writeLayer(
  layout: Layout,
  entries: readonly LayerEntry[],
  epoch: number,
): Promise<Layer> {
  const hash = createHash('sha256');
  const written = await layout.addBlob(gzipped(hashed(archiveOf(entries, epoch), hash)));
  return { diffId: `sha256:${hash.digest('hex')}`, ...written };
}

async function* hashed(source: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/** The archive as it is packed. */
export async function* archiveOf(entries: readonly LayerEntry[], epoch: number): AsyncGenerator<Buffer> {
  const archive = pack();
  const lead = new Lead();
  const filled = fill(archive, lead, entries, new Date(epoch * 1000));
  filled.catch((cause: Error) => archive.destroy(cause)); // told to the reader of the archive
  for await (const chunk of archive as AsyncIterable<Buffer>) {
    lead.read(chunk.length);
    yield chunk;
  }
  await filled;
}

/** How many bytes the packer is ahead of the reader. tar-stream makes it wait for content, but not for names and links. */
class Lead {
  #packed = 0;
  #read = 0;
  #wake = () => {};

  read(bytes: number): void {
    this.#read += bytes;
    this.#wake();
  }

  /** Waits until there is room for one more entry of so many bytes. */
  async room(bytes: number): Promise<void> {
    this.#packed = Math.max(this.#packed, this.#read) + bytes;
    while (this.#packed - this.#read > MOST_AHEAD) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** One entry after the other: each waits until the one before it is taken. */
async function fill(archive: Pack, lead: Lead, entries: readonly LayerEntry[], mtime: Date): Promise<void> {
  for (const entry of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const { mode, uid, gid } = entry;
    const name = entry.path.slice(1);
    const common = { mode, uid, gid, mtime, uname: '', gname: '' };
    await lead.room(HEADER);
    if (entry.kind === 'file') await addFile(archive, { name, ...common }, entry.content);
    else if (entry.kind === 'directory')
      await added((done) => archive.entry({ name: `${name}/`, type: 'directory', ...common }, done));
    else {
      const header = { name, type: 'symlink', linkname: entry.target, ...common } as const;
      await added((done) => archive.entry(header, done));
    }
  }
  archive.finalize();
}

async function addFile(
  archive: Pack,
  header: { readonly name: string; readonly mode: number },
  content: ByteSource,
): Promise<void> {
  const { size } = content;
  if (size <= SMALL) {
    const bytes = await joined(content.read());
    await added((done) => archive.entry({ ...header, type: 'file' }, bytes, done));
  } else {
    const entry = archive.entry({ ...header, type: 'file', size });
    await pipeline(Readable.from(content.read(), { objectMode: false }), entry);
  }
}

function added(add: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    add((error) => (error ? reject(error) : resolve()));
  });
}
