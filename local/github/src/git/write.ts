import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, gitText } from './git.ts';
import { resolveCommit } from './resolve.ts';

/** Makes a bare repository without commits. */
export async function createGitRepository(path: string, defaultBranch = 'main'): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  // A fork's commits are fetched by id.
  await appendFile(join(path, 'config'), '[uploadpack]\n\tallowAnySHA1InWant = true\n');
}

/** A copy with all refs: what a fork starts as. */
export async function copyGitRepository(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await git(to, ['clone', '--quiet', '--mirror', from, '.']);
}

/** From now on a repository has the objects of another one too, without a copy. The other one must stay where it is. */
export async function borrowObjects(path: string, from: string): Promise<void> {
  await writeFile(join(path, 'objects/info/alternates'), `${join(from, 'objects')}\n`);
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
  /** The files of `folder` that count, as git's glob pathspecs; each must match some. All when absent. */
  readonly only?: readonly string[];
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
  const tree = given.folder === undefined ? undefined : await treeOf(path, given.folder, given.only);
  const stream = commitStream(given, parent, tree);
  return (await gitText(path, ['fast-import', '--quiet'], { input: stream })).trim();
}

/** Writes a folder as a tree object. */
async function treeOf(path: string, folder: string, only: readonly string[] = ['.']): Promise<string> {
  const room = await mkdtemp(join(tmpdir(), 'local-github-index-'));
  const env = { GIT_INDEX_FILE: join(room, 'index') };
  try {
    const gitDirectory = await gitText(path, ['rev-parse', '--absolute-git-dir']);
    const place = [`--git-dir=${gitDirectory}`, '--work-tree=.', '--glob-pathspecs'];
    await git(folder, [...place, 'add', '--force', '--', ...only], { env });
    return await gitText(path, ['write-tree'], { env });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** A commit as `git fast-import` reads it: one process, however many files. It prints the commit's id. */
function commitStream(given: NewCommit, parent: string | undefined, tree: string | undefined): Buffer {
  const { author, committer = author, at = Date.now(), message, executable = [] } = given;
  const date = `${Math.floor(at / 1000)} +0000`;
  const said: (string | Buffer)[] = [
    `commit refs/heads/${given.branch}\nmark :1\n`,
    `author ${identity(author)} ${date}\ncommitter ${identity(committer)} ${date}\n`,
    ...data(message),
  ];
  if (parent !== undefined) said.push(`from ${parent}\n`);
  if (tree !== undefined) said.push(`M 040000 ${tree} ""\n`);
  for (const [file, content] of Object.entries(given.files ?? {})) {
    if (content === null) said.push(`D ${quoted(file)}\n`);
    else {
      const mode = executable.includes(file) ? '100755' : '100644';
      said.push(`M ${mode} inline ${quoted(file)}\n`, ...data(content));
    }
  }
  said.push('\nget-mark :1\n');
  return Buffer.concat(said.map((part) => Buffer.from(part)));
}

function data(content: string | Buffer): readonly (string | Buffer)[] {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

/** Without what would end a name or a line, as git itself leaves it out. */
function identity({ name, email }: Author): string {
  return `${name.replace(/[<>\n]/g, '')} <${email.replace(/[<>\n]/g, '')}>`;
}

function quoted(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** A commit with both as its parents, as GitHub keeps it at `refs/pull/N/merge`; undefined when the two conflict. */
export async function mergeCommit(
  path: string,
  base: string,
  head: string,
  by: Omit<NewCommit, 'branch'>,
): Promise<string | undefined> {
  const tree = await mergedTree(path, base, head);
  return tree === undefined ? undefined : commitTree(path, tree, [base, head], by);
}

/** One commit on the base with all that the head brings; undefined when the two conflict. */
export async function squashCommit(
  path: string,
  base: string,
  head: string,
  by: Omit<NewCommit, 'branch'>,
): Promise<string | undefined> {
  const tree = await mergedTree(path, base, head);
  return tree === undefined ? undefined : commitTree(path, tree, [base], by);
}

async function mergedTree(path: string, base: string, head: string): Promise<string | undefined> {
  const merged = await git(path, ['merge-tree', '--write-tree', base, head], { allow: [1] });
  return merged.code === 1 ? undefined : merged.output.toString().trim();
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

export function commitTree(
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
