import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, gitText } from './git.ts';
import { resolveCommit } from './resolve.ts';

/** Makes a bare repository without commits. */
export async function createGitRepository(path: string, defaultBranch = 'main'): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  // A fork's commits are fetched by id.
  await git(path, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
}

/** A copy with all refs: what a fork starts as. */
export async function copyGitRepository(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await git(to, ['clone', '--quiet', '--mirror', from, '.']);
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly branch: string;
  /** Where a new branch begins; without it, with nothing. */
  readonly from?: string;
  /** Content by path; null removes the file. What is not named stays as it is in the branch. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
  /** Paths of `files` that may be executed. */
  readonly executable?: readonly string[];
  /** A folder whose content replaces the whole tree before `files` are written. Ignore files don't count. */
  readonly folder?: string;
  readonly message: string;
  readonly author: Author;
  readonly committer?: Author;
  /** Milliseconds since the epoch; the machine's time unless told. */
  readonly at?: number;
}

/** Commits to a branch, which comes into being if need be, without touching a working copy. Returns the commit. */
export async function commitFiles(path: string, given: NewCommit): Promise<string> {
  const parent =
    (await resolveCommit(path, `refs/heads/${given.branch}`)) ??
    (given.from === undefined ? undefined : await resolveCommit(path, given.from));
  const room = await mkdtemp(join(tmpdir(), 'local-github-index-'));
  const env = { GIT_INDEX_FILE: join(room, 'index') };
  try {
    if (given.folder !== undefined) {
      const gitDirectory = await gitText(path, ['rev-parse', '--absolute-git-dir']);
      const places = [`--git-dir=${gitDirectory}`, '--work-tree=.'];
      await git(given.folder, [...places, 'add', '--force', '--all', '.'], { env });
    } else if (parent) {
      await git(path, ['read-tree', parent], { env });
    }
    for (const [file, content] of Object.entries(given.files ?? {})) {
      await stage(path, file, content, given.executable?.includes(file) ? '100755' : '100644', env);
    }
    const tree = await gitText(path, ['write-tree'], { env });
    const commit = await commitTree(path, tree, parent ? [parent] : [], given);
    await git(path, ['update-ref', `refs/heads/${given.branch}`, commit]);
    return commit;
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** The commit that GitHub keeps at `refs/pull/N/merge`; undefined when the two conflict. */
export async function mergeCommit(
  path: string,
  base: string,
  head: string,
  by: Pick<NewCommit, 'author' | 'message' | 'at'>,
): Promise<string | undefined> {
  const merged = await git(path, ['merge-tree', '--write-tree', base, head], { allow: [1] });
  if (merged.code === 1) return undefined;
  const tree = merged.output.toString().trim();
  return commitTree(path, tree, [base, head], by);
}

/** Makes or moves a ref. */
export async function setRef(path: string, ref: string, sha: string): Promise<void> {
  await git(path, ['update-ref', ref, sha]);
}

/** Brings a commit of another repository on this machine under a ref here. */
export async function fetchCommit(path: string, from: string, commit: string, ref: string): Promise<void> {
  if (path !== from)
    await git(path, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from, commit]);
  await setRef(path, ref, commit);
}

async function stage(
  path: string,
  file: string,
  content: string | Buffer | null,
  mode: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (content === null) {
    await git(path, ['update-index', '--index-info'], { env, input: `0 ${'0'.repeat(40)}\t${file}\n` });
    return;
  }
  const blob = await gitText(path, ['hash-object', '-w', '--stdin'], { input: content });
  await git(path, ['update-index', '--index-info'], { env, input: `${mode} ${blob}\t${file}\n` });
}

function commitTree(
  path: string,
  tree: string,
  parents: readonly string[],
  { message, author, committer = author, at = Date.now() }: Omit<NewCommit, 'branch'>,
): Promise<string> {
  const date = `${Math.floor(at / 1000)} +0000`;
  return gitText(path, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
    input: message,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    },
  });
}
