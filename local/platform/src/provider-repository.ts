import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import {
  borrowObjects,
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
  if (git === undefined) {
    const here = await releaseOfProcess(tag);
    await borrowObjects(path, here.path);
    await setRef(path, 'refs/heads/main', here.commit);
    await setRef(path, `refs/tags/${tag}`, here.commit);
    return here.commit;
  }
  await fetchTag(path, git, tag);
  return commitRelease(path, tag);
}

const released = new Map<string, ReturnType<typeof writeRelease>>();

/** This work tree is written once in a process, however many platforms it starts. */
function releaseOfProcess(tag: string): ReturnType<typeof writeRelease> {
  const known = released.get(tag);
  if (known) return known;
  const written = writeRelease(tag);
  released.set(tag, written);
  written.catch(() => released.delete(tag));
  return written;
}

async function writeRelease(tag: string): Promise<{ readonly path: string; readonly commit: string }> {
  if (!existsSync(join(root, 'dist'))) throw new Error('dist/ is not built: run npm run build');
  const path = mkdtempSync(join(tmpdir(), 'td-release-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  await createGitRepository(path);
  return { path, commit: await commitRelease(path, tag, { folder: root, only: releasedFiles(root) }) };
}

async function commitRelease(
  path: string,
  tag: string,
  tree: Pick<Parameters<typeof commitFiles>[1], 'folder' | 'only'> = {},
): Promise<string> {
  const commit = await commitFiles(path, {
    branch: 'main',
    ...tree,
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
