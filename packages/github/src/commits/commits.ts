import type { Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { account } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';
import { movesIn } from './activity.ts';

/** GitHub answers null, or an empty object, when no account has the commit's e-mail address. */
const someone = v.union([
  account,
  v.pipe(
    v.union([v.null(), v.strictObject({})]),
    v.transform(() => 'unknown' as const),
  ),
]);

const commitAnswer = v.pipe(
  v.object({
    sha: v.string(),
    author: someone,
    committer: someone,
    parents: v.array(v.object({ sha: v.string() })),
  }),
  v.transform((commit): Commit => ({ ...commit, parents: commit.parents.map(({ sha }) => sha) })),
);

const compareAnswer = v.object({ total_commits: v.number(), commits: v.array(commitAnswer) });

/** Needs `contents: read`. */
export function commits(client: GithubClient): Commits {
  const {
    paginate,
    rest: { repos },
  } = client;
  const between = async (repository: string, basehead: string): Promise<readonly Commit[]> => {
    const all: Commit[] = [];
    let [total, from] = [0, ''];
    const where = { ...parametersOf(repository), basehead, per_page: 100 };
    for await (const page of paginate.iterator(repos.compareCommitsWithBasehead, where)) {
      const answer = confirmed(compareAnswer, page);
      all.push(...answer.commits);
      [total, from] = [answer.total_commits, page.url];
    }
    if (all.length !== total)
      throw failures.answerIncomplete(from, [`${all.length} of ${total} commits came`]);
    return all;
  };
  return {
    async commit(repository, sha) {
      const answer = await orAbsent(repos.getCommit({ ...parametersOf(repository), ref: sha }));
      return answer === 'absent' ? 'absent' : confirmed(commitAnswer, answer);
    },
    between: (repository, base, head) => orAbsent(between(repository, `${base}...${head}`)),
    updatesOf: (repository, ref) => movesIn(client, repository, { ref }),
  };
}
