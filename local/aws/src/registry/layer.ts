import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf } from './digest.ts';

/** The moment in every entry of a seeded layer, so that the same files are the same digest on every machine. */
export const CREATED = new Date('2026-01-01T00:00:00Z');

export interface Layer {
  readonly diffId: string;
  readonly blob: Buffer;
}

/** A layer of small text files by absolute path, owned by root. */
export async function layerOf(files: Readonly<Record<string, string>>): Promise<Layer> {
  const archive = pack();
  const common = { uid: 0, gid: 0, mtime: CREATED };
  const folders = new Set(Object.keys(files).flatMap(parentsOf));
  for (const folder of [...folders].sort()) {
    archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, ...common });
  }
  for (const path of Object.keys(files).sort()) {
    archive.entry({ name: path.slice(1), mode: 0o644, ...common }, files[path] ?? '');
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer); // tar-stream only yields bytes
  const tar = Buffer.concat(chunks);
  const blob = gzipSync(tar, { level: 9 });
  blob[9] = 255; // the operating system of the packer: unknown
  return { diffId: digestOf(tar), blob };
}

/** The folders above an absolute path, relative ones, outermost first. */
export function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
}
