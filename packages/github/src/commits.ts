import type { Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import type { Ask } from './ask.ts';
import { failures } from './failures.ts';
import { everyPage } from './pages.ts';
import { person } from './person.ts';
import { parametersOf } from './repository.ts';

const COMMIT = 'GET /repos/{owner}/{repo}/commits/{ref}';
const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}';

/** GitHub answers null, or an empty object, when no account has the commit's e-mail address. */
const someone = v.union([
  person,
  v.pipe(
    v.union([v.null(), v.strictObject({})]),
    v.transform(() => 'unknown' as const),
  ),
]);

const commitAnswer = v.object({ sha: v.string(), author: someone, committer: someone });

const compareAnswer = v.object({ total_commits: v.number(), commits: v.array(commitAnswer) });

/** Needs `contents: read`. */
export function commits(ask: Ask): Commits {
  return {
    commit: (repository, sha) => ask(COMMIT, { ...parametersOf(repository), ref: sha }, commitAnswer),
    async between(repository, base, head): Promise<readonly Commit[] | 'absent'> {
      const where = { ...parametersOf(repository), basehead: `${base}...${head}` };
      let total = 0;
      const all = await everyPage(ask, COMPARE, where, compareAnswer, (answer) => {
        total = answer.total_commits;
        return answer.commits;
      });
      if (all !== 'absent' && all.length !== total)
        throw failures.answerIncomplete(COMPARE, [`${all.length} of ${total} commits came`]);
      return all;
    },
  };
}
