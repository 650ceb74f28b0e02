import type { Rootfs } from '../rootfs.ts';

/** A file's text, links on its way followed inside the image; `undefined` where it is none. */
export function textOf(files: Rootfs, path: string): string | undefined {
  const node = files.get(files.resolve(path, true));
  return node?.kind === 'file' ? node.content.toString() : undefined;
}
