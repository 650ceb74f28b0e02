import type { MergedPullRequest, PullRequests } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { account } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

const pullRequest = v.object({
  number: v.number(),
  merged_at: v.nullable(v.string()),
  /** Null when the account is gone. */
  user: v.nullable(account),
  head: v.object({
    ref: v.string(),
    sha: v.string(),
    /** Null when the fork is gone. */
    repo: v.nullable(v.object({ full_name: v.string() })),
  }),
});

/** Needs `pull-requests: read`. */
export function pullRequests({ paginate, rest: { repos } }: GithubClient): PullRequests {
  return {
    // assumes github-pull-requests-of-a-merge
    async mergedWith(repository, sha) {
      const where = { ...parametersOf(repository), commit_sha: sha, per_page: 100 };
      const found: MergedPullRequest[] = [];
      for await (const page of paginate.iterator(repos.listPullRequestsAssociatedWithCommit, where))
        for (const { number, merged_at, user, head } of confirmed(v.array(pullRequest), page))
          if (merged_at !== null)
            found.push({
              number,
              openedBy: user ?? 'unknown',
              head: {
                repository: head.repo?.full_name ?? 'gone',
                ref: `refs/heads/${head.ref}`,
                sha: head.sha,
              },
            });
      return found;
    },
  };
}
