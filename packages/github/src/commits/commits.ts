import type { BranchUpdate, Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { everyPage, nextCursor } from '../session/pages.ts';
import { account } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

const COMMIT = 'GET /repos/{owner}/{repo}/commits/{ref}';
const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}';
const ACTIVITY = 'GET /repos/{owner}/{repo}/activity';

const PER_PAGE = 100; // GitHub's maximum
const MOST_PAGES = 20; // of a branch's history; what moved it before stays unknown

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

/** Moves of a branch that keep what was in it. */
const FORWARD = new Set(['push', 'pr_merge', 'merge_queue_merge', 'branch_creation']);

/** Null when the account is gone, or nobody says. */
const mover = v.union([
  account,
  v.pipe(
    v.null(),
    v.transform(() => 'unknown' as const),
  ),
]);

const activityAnswer = v.array(
  v.pipe(
    v.object({ before: v.string(), after: v.string(), activity_type: v.string(), actor: mover }),
    v.transform(
      ({ before, after, activity_type, actor }): BranchUpdate => ({
        before,
        after,
        forced: !FORWARD.has(activity_type),
        by: actor,
      }),
    ),
  ),
);

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
    async *updatesOf(repository, ref) {
      const where = { ...parametersOf(repository), ref, per_page: PER_PAGE };
      let cursor: string | undefined;
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        let next: string | undefined;
        const asked = cursor === undefined ? where : { ...where, after: cursor };
        const found = await ask(ACTIVITY, asked, activityAnswer, ({ link }) => {
          next = nextCursor(link);
        });
        if (found === 'absent') return;
        yield* found;
        if (next === undefined) return;
        cursor = next;
      }
    },
  };
}
