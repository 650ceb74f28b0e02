import type { RepositoryActivity, RepositoryUpdate } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { account } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

const MOST_PAGES = 20; // what moved a branch before stays unknown

/** Moves that keep what was in the branch. */
const FORWARD = new Set(['push', 'pr_merge', 'merge_queue_merge', 'branch_creation']);
const MERGES = new Set(['pr_merge', 'merge_queue_merge']);

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
    v.object({
      ref: v.string(),
      before: v.string(),
      after: v.string(),
      activity_type: v.string(),
      actor: mover,
    }),
    v.transform(
      ({ ref, before, after, activity_type: type, actor }): RepositoryUpdate => ({
        ref,
        before,
        after,
        forced: !FORWARD.has(type),
        made: type === 'branch_creation',
        merged: MERGES.has(type),
        by: actor,
      }),
    ),
  ),
);

/** Needs `contents: read`. */
export function repositoryActivity(client: GithubClient): RepositoryActivity {
  return { updatesOf: (repository) => movesIn(client, repository, {}) };
}

/** How branches moved, the newest first: all of them, or one. */
// assumes github-activity-names-who-moved
export async function* movesIn(
  { paginate, rest: { repos } }: GithubClient,
  repository: string,
  of: { readonly ref?: string },
): AsyncGenerator<RepositoryUpdate> {
  const where = { ...parametersOf(repository), ...of, per_page: 100 };
  const pages = paginate.iterator(repos.listActivities, where)[Symbol.asyncIterator]();
  for (let turned = 0; turned < MOST_PAGES; turned += 1) {
    const page = await orAbsent(pages.next());
    if (page === 'absent' || page.done) return;
    yield* confirmed(activityAnswer, page.value);
  }
}
