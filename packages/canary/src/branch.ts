import { orAbsent } from '@tenant-delivery/github/session/answers';
import { BRANCH, type People, type Place } from './people.ts';

export interface Commit {
  readonly sha: string;
  /** The first line of its message. */
  readonly subject: string;
  /** The canary's author moved the branch to it, by GitHub's own record: a message and its names can be anybody's. */
  readonly own: boolean;
}

/** Text by path; `undefined` for a file that goes. */
export type Files = Readonly<Record<string, string | undefined>>;

const NEWEST = 1_000; // commits, and moves of the branch, that are looked at

/** The branch that delivers, as the canary's author sees and moves it. */
export function branchOf({ author, sre }: People, place: Place) {
  const { git, repos, users } = author.rest;
  const pushed = new Set<string>();
  /** Commits that the author moved the branch to. The record of the newest may come later than they do. */
  const moved = async (): Promise<ReadonlySet<string>> => {
    const { data: account } = await users.getAuthenticated();
    const asked = { ...place, ref: BRANCH, actor: account.login, per_page: 100 };
    const moves = await newest(author.paginate.iterator(repos.listActivities, asked));
    return new Set([...pushed, ...moves.map(({ after }) => after)]);
  };
  return {
    /** Commits files; no workflow starts by it. Answers the commit. */
    async commit(message: string, files: Files): Promise<string> {
      const { data: head } = await git.getRef({ ...place, ref: `heads/${BRANCH}` });
      const { data: parent } = await git.getCommit({ ...place, commit_sha: head.object.sha });
      const { data: made } = await git.createTree({
        ...place,
        base_tree: parent.tree.sha,
        tree: Object.entries(files).map(([path, content]) => ({
          path,
          mode: '100644' as const,
          type: 'blob' as const,
          ...(content === undefined ? { sha: null } : { content }),
        })),
      });
      const { data: commit } = await git.createCommit({
        ...place,
        // GitHub, "Skip workflow runs": the delivery is started by hand, so that its run is known
        message: `${message}\n\n[skip ci]`,
        tree: made.sha,
        parents: [head.object.sha],
      });
      await git.updateRef({ ...place, ref: `heads/${BRANCH}`, sha: commit.sha });
      pushed.add(commit.sha);
      return commit.sha;
    },

    /** The text of a file at a commit; `undefined` where it has none. */
    async file(path: string, ref: string): Promise<string | undefined> {
      const found = await orAbsent(repos.getContent({ ...place, path, ref }));
      if (found === 'absent' || !('content' in found.data)) return undefined;
      return Buffer.from(found.data.content, 'base64').toString();
    },

    /** The newest first. */
    async commits(): Promise<readonly Commit[]> {
      const asked = { ...place, sha: BRANCH, per_page: 100 };
      const [ours, all] = await Promise.all([
        moved(),
        newest(author.paginate.iterator(repos.listCommits, asked)),
      ]);
      return all.map(({ sha, commit }) => ({
        sha,
        subject: commit.message.split('\n')[0] ?? '',
        own: ours.has(sha),
      }));
    },

    /** Who moved it, the newest first: logins, or `nobody` where GitHub names none. */
    async movers(): Promise<readonly string[]> {
      const { data } = await sre.rest.repos.listActivities({ ...place, ref: BRANCH });
      return data.map(({ actor }) => actor?.login ?? 'nobody');
    },
  };
}

async function newest<T>(pages: AsyncIterable<{ readonly data: readonly T[] }>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const { data } of pages) {
    found.push(...data);
    if (found.length >= NEWEST) break;
  }
  return found;
}
