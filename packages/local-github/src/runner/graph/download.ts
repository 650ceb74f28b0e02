import { join } from 'node:path';
import { exportTree } from '../../git/export-tree.ts';
import type { Host } from '../ports.ts';
import type { CatalogAction } from '../resolve/action-catalog.ts';

/** Each repository that has actions is written to disk once per commit and run. */
export function downloadInto(folder: string, host: Host): (action: CatalogAction) => Promise<string> {
  const downloads = new Map<string, Promise<string>>();
  return ({ origin: { repository, sha } }) => {
    const into = join(folder, '_actions', ...repository.split('/'), sha);
    const known = downloads.get(into);
    if (known) return known;
    const path = host.repository(repository)?.path ?? '';
    const download = exportTree(path, sha, into).then(() => into);
    downloads.set(into, download);
    return download;
  };
}
