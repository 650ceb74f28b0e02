import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, createGitRepository, setRef } from '@tenant-delivery/local-github/git/write';
import { releasedFiles } from '@tenant-delivery/release/released-files';
import { LOCAL_TRUST } from './local-trust.ts';

export const root = join(import.meta.dirname, '../../..');

/** The same files are the same commit, whenever the platform is started. */
const RELEASED_AT = Date.UTC(2026, 0, 1);

export const AUTHOR = { name: 'tenant-delivery', email: 'releases@example.org' };

/** The owner and name of this repository: a placeholder in `package.json`, read and never repeated. */
export function providerName(): { readonly owner: string; readonly name: string } {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: string;
  }; // our own file
  const [owner = '', name = ''] = repository.replace(/^github:/, '').split('/');
  return { owner, name };
}

export function releasedTag(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/release/package.json'), 'utf8')) as {
    version: string;
  }; // our own file
  return `v${version}`;
}

/** A git repository with this work tree as a release: built bundles committed beside a local trust file, tagged. Answers the commit. */
export async function releaseInto(path: string, tag = releasedTag()): Promise<string> {
  if (!existsSync(join(root, 'dist'))) throw new Error('dist/ is not built: run npm run build');
  await createGitRepository(path);
  const commit = await commitFiles(path, {
    branch: 'main',
    folder: root,
    only: releasedFiles(root),
    files: { 'trust/provider.json': LOCAL_TRUST },
    message: `Release ${tag}`,
    at: RELEASED_AT,
    author: AUTHOR,
  });
  await setRef(path, `refs/tags/${tag}`, commit);
  return commit;
}
