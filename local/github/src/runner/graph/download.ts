import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exportTree } from '../../git/export-tree.ts';
import type { Host } from '../ports.ts';
import type { CatalogAction } from '../resolve/action-catalog.ts';

/**
 * Each repository that has actions is written to disk once per commit: for this run, or in a folder that outlives it,
 * where another run may be writing the same commit at the same time.
 */
export function downloadInto(folder: string, host: Host): (action: CatalogAction) => Promise<string> {
  const downloads = new Map<string, Promise<string>>();
  return ({ origin: { repository, sha } }) => {
    const into = join(folder, ...repository.split('/'), sha);
    const known = downloads.get(into);
    if (known) return known;
    const download = write(host.repository(repository)?.path ?? '', sha, into).then(() => into);
    downloads.set(into, download);
    return download;
  };
}

async function write(path: string, sha: string, into: string): Promise<void> {
  if (existsSync(into)) return;
  const aside = `${into}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await mkdir(dirname(into), { recursive: true });
  await exportTree(path, sha, aside);
  await rename(aside, into).catch(async (cause: unknown) => {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(into)) throw cause; // otherwise another run was first, with the same commit
  });
}
