import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Reads a file that is shipped with the release (`trust/provider.json`), looked for upward from `from`. */
export function readReleaseFile(path: string, from: string = import.meta.dirname): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, path);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (folder === dirname(folder)) return undefined;
  }
}
