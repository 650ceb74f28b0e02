import { gitOfObject, gitText } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC, as GitHub writes it. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x00%x01';
const LOG = ['log', '--no-show-signature', `--format=${FORMAT}`];

/** The commits of a range or id as git log lists them, oldest last; with `files`, those that changed one. */
export async function readCommits(
  path: string,
  range: readonly string[],
  files: readonly string[] = [],
): Promise<readonly Commit[]> {
  return commitsIn(await gitText(path, [...LOG, ...range, '--', ...files]));
}

export async function readCommit(path: string, sha: string): Promise<Commit> {
  const log = await gitOfObject(path, sha, [...LOG, '-1', sha, '--']);
  const [commit] = commitsIn(log.toString());
  if (!commit) throw new Error(`There is no commit ${sha} in ${path}.`);
  return commit;
}

function commitsIn(log: string): readonly Commit[] {
  return log
    .split('\0\x01')
    .map((entry) => entry.replace(/^\n/, ''))
    .filter((entry) => entry !== '')
    .map(commitOf);
}

function commitOf(entry: string): Commit {
  const [sha, tree, parents, author, email, at, committer, committerEmail, committedAt, message] =
    entry.split('\0');
  return {
    sha: sha ?? '',
    tree: tree ?? '',
    parents: (parents ?? '').split(' ').filter((parent) => parent !== ''),
    author: personOf(author, email, at),
    committer: personOf(committer, committerEmail, committedAt),
    message: (message ?? '').trimEnd(),
  };
}

function personOf(name = '', email = '', seconds = '0'): Person {
  return { name, email, date: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` };
}
