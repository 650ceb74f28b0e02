import { gitOfObject } from './git.ts';
import { resolveObject } from './resolve.ts';

export interface TreeEntry {
  readonly type: 'blob' | 'tree' | 'commit';
  /** `100644`, `100755`, `120000` (link), `040000` (folder), `160000` (submodule). */
  readonly mode: string;
  readonly sha: string;
  /** Bytes; 0 for anything but a file. */
  readonly size: number;
  /** From the top of the repository. */
  readonly path: string;
}

/** A file or folder at a commit; undefined when there is none. The top folder is the empty path. */
export async function entryAt(path: string, commit: string, file: string): Promise<TreeEntry | undefined> {
  if (file === '') {
    const sha = await resolveObject(path, `${commit}^{tree}`);
    return sha === undefined ? undefined : { type: 'tree', mode: '040000', sha, size: 0, path: '' };
  }
  // git would refuse what leaves the repository; for the caller there is no such file.
  if (file.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined;
  const [entry] = await listTree(path, commit, file);
  return entry;
}

/** The entries of a folder (its path ends in a slash, or is empty). */
export async function listTree(path: string, commit: string, folder: string): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-z', '--long', '--full-tree', commit];
  const lines = await gitOfObject(path, commit, folder === '' ? args : [...args, '--', folder]);
  return lines
    .toString()
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode = '', type = '', sha = '', size = '', name = ''] =
        line.match(/^(\d+) (\w+) (\w+) +(\S+)\t([\s\S]*)$/) ?? [];
      return {
        mode,
        type: type === 'tree' || type === 'commit' ? type : 'blob',
        sha,
        size: Number(size) || 0,
        path: name,
      };
    });
}

export async function readBlob(path: string, sha: string): Promise<Buffer> {
  return gitOfObject(path, sha, ['cat-file', 'blob', sha]);
}

/** The bytes of a file at a commit; undefined when there is no such file. */
export async function readFileAt(path: string, commit: string, file: string): Promise<Buffer | undefined> {
  const entry = await entryAt(path, commit, file);
  return entry?.type === 'blob' ? readBlob(path, entry.sha) : undefined;
}
