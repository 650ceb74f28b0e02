import { posix } from 'node:path';
import type { BuildContext } from './context.ts';

const NAMED = 5;
/** If one folder or file has this part of the folder around it, it is named in place of that folder. */
const MOST_OF_IT = 0.8;
/** A folder or file with a smaller part of the context than this is not worth naming. */
const LEAST = 0.05;

/** How much a context holds, and where most of it lies. */
export interface Weight {
  readonly bytes: number;
  /** Folders and files, the largest first. None of them is in another. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
}

/** Adds up the sizes of a context's files, as its ignore file leaves them. No file is read. */
export function weigh({ entries }: Pick<BuildContext, 'entries'>): Weight {
  const sizes = new Map<string, number>();
  for (const { path, size = 0 } of entries) {
    for (let at = path; ; at = posix.dirname(at)) {
      sizes.set(at, (sizes.get(at) ?? 0) + size);
      if (at === '.') break;
    }
  }
  const inside = new Map<string, string[]>();
  for (const path of sizes.keys()) {
    if (path === '.') continue;
    const folder = posix.dirname(path);
    const known = inside.get(folder);
    if (known) known.push(path);
    else inside.set(folder, [path]);
  }
  const bytesOf = (path: string) => sizes.get(path) ?? 0;
  const byBytes = (folder: string) => (inside.get(folder) ?? []).sort((a, b) => bytesOf(b) - bytesOf(a));
  const bytes = bytesOf('.');
  const largest = byBytes('.')
    .slice(0, NAMED)
    .map((start) => {
      let path = start;
      for (let next = byBytes(path)[0]; next !== undefined; next = byBytes(path)[0]) {
        if (bytesOf(next) < MOST_OF_IT * bytesOf(path)) break;
        path = next;
      }
      return { path, bytes: bytesOf(path) };
    })
    .filter((one) => one.bytes >= LEAST * bytes);
  return { bytes, largest };
}
