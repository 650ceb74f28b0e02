import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let released = import.meta.dirname;

/** Reads a file that is shipped with the release (`trust/provider.json`), looked for upward from this code, or `from`. */
export function readReleaseFile(path: string, from: string = released): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, path);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * For a process that runs sources as if they were released in `folder`, until what it answers is called. No action calls this,
 * so none has it.
 */
export function actAsReleasedIn(folder: string): () => void {
  const before = released;
  released = folder;
  return () => {
    released = before;
  };
}
