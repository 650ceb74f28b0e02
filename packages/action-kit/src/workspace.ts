import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

const LARGEST = 64 * 1024; // bytes; a task definition has no more, and a manifest far fewer

/** Text of a file inside the workspace, or why there is none. Links are followed only inside. */
export type Reading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none'; readonly why: string };

export interface Workspace {
  read(path: string): Promise<Reading>;
}

/** The files that the job checked out. A path or link that leads out of the folder is not followed. */
export function workspaceAt(folder: string): Workspace {
  return {
    async read(path) {
      try {
        const root = await realpath(folder);
        const file = await realpath(join(root, path));
        if (!file.startsWith(root + sep)) return { kind: 'none', why: 'leads out of the workspace' };
        const found = await stat(file);
        if (!found.isFile()) return { kind: 'none', why: 'is not a file' };
        if (found.size > LARGEST) return { kind: 'none', why: `is larger than ${LARGEST} bytes` };
        return { kind: 'text', text: await readFile(file, 'utf8') };
      } catch (thrown) {
        if (isAbsence(thrown)) return { kind: 'none', why: 'does not exist' };
        throw thrown;
      }
    },
  };
}

function isAbsence(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return false;
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(thrown.code));
}
