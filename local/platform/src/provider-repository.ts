import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import {
  commitFiles,
  createGitRepository,
  fetchCommit,
  setRef,
} from '@tenant-delivery/local-github/git/write';
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

function releasedTag(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/release/package.json'), 'utf8')) as {
    version: string;
  }; // our own file
  return `v${version}`;
}

/** The release that a platform runs, and the templates of that version. */
export interface LocalRelease {
  /** `owner/name` of the provider's repository. */
  readonly repository: string;
  readonly tag: string;
  /** The git repository that has it; made of this work tree when absent. */
  readonly git?: string;
  readonly templates: string;
}

/** This work tree, as if it were released now. */
export function releaseHere(): LocalRelease {
  const { owner, name } = providerName();
  return { repository: `${owner}/${name}`, tag: releasedTag(), templates: join(root, 'templates') };
}

/**
 * A git repository with a release under its tag, and with a local trust file, without which its actions would speak to AWS
 * alone. Answers the commit.
 */
export async function releaseInto(
  path: string,
  { tag, git }: Pick<LocalRelease, 'tag' | 'git'> = releaseHere(),
): Promise<string> {
  await createGitRepository(path);
  if (git === undefined && !existsSync(join(root, 'dist')))
    throw new Error('dist/ is not built: run npm run build');
  if (git !== undefined) await fetchTag(path, git, tag);
  const commit = await commitFiles(path, {
    branch: 'main',
    ...(git === undefined && { folder: root, only: releasedFiles(root) }),
    files: { 'trust/provider.json': LOCAL_TRUST },
    message: `Release ${tag}`,
    at: RELEASED_AT,
    author: AUTHOR,
  });
  await setRef(path, `refs/tags/${tag}`, commit);
  return commit;
}

async function fetchTag(path: string, from: string, tag: string): Promise<void> {
  const commit = await resolveCommit(from, `refs/tags/${tag}`);
  if (commit === undefined) throw new Error(`${from} has no tag ${tag}`);
  await fetchCommit(path, from, commit, 'refs/heads/main');
}
