import type { Run } from '../world/run.ts';

/** A branch, a tag or the merge of a pull request, whose caches a run may restore. */
export interface CacheScope {
  readonly ref: string;
  /** The run may save caches there too. */
  readonly writes: boolean;
}

/**
 * Events that only somebody with write access starts (GitHub changelog, 26 June 2026: "Read-only Actions cache for untrusted
 * triggers"). Assumes github-cache-of-workflow-run.
 */
const TRUSTED = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'delete',
  'registry_package',
  'page_build',
]);

/**
 * Where a run looks for caches, in this order. It saves to its own ref alone: a run of a pull request to the merge, also if it
 * comes from a fork. Nobody saves to the default branch whose event anybody may start (the same changelog). "Dependency
 * caching reference", GitHub Docs, "Restrictions for accessing a cache": the current branch, for a pull request also its base,
 * the default branch. No child, no sibling, no other tag.
 */
export function cacheScopes(run: Run): readonly CacheScope[] {
  const { event, ref, pull, repository } = run;
  const main = `refs/heads/${repository.defaultBranch}`;
  const readable =
    event === 'pull_request' && pull
      ? [
          ...(pull.headRepository === repository ? [`refs/heads/${pull.headRef}`] : []),
          `refs/heads/${pull.baseRef}`,
        ]
      : [];
  const others = [...new Set([...readable, main])].filter((each) => each !== ref);
  return [
    { ref, writes: ref !== main || TRUSTED.has(event) },
    ...others.map((each) => ({ ref: each, writes: false })),
  ];
}
