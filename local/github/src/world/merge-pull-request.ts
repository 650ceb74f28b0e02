import { readCommits } from '../git/commits.ts';
import { mergeCommit, setRef, squashCommit } from '../git/write.ts';
import { authorOf, noticeMoves, record } from './activity.ts';
import { type PullRequest, synchronise } from './pull-request.ts';
import { userNamed } from './user.ts';
import { webFlow } from './web-flow.ts';
import type { World } from './world.ts';

export type MergeMethod = 'merge' | 'squash';

/**
 * Merges on GitHub's pages or by its API. GitHub itself is the committer. The author of a merge commit merged it; that of
 * a squashed commit opened the pull request, and no commit names who merged it (GitHub, "About merge methods on GitHub").
 * Undefined when there are conflicts.
 */
export async function mergePullRequest(
  world: World,
  pull: PullRequest,
  { by, method = 'merge' }: { /** Login. */ readonly by: string; readonly method?: MergeMethod },
): Promise<string | undefined> {
  const { repository, number, title } = pull;
  const merger = userNamed(world, by);
  await noticeMoves(world, repository);
  await synchronise(world, pull);
  const at = world.clock.now();
  const committer = { name: 'GitHub', email: webFlow(world).emails.at(-1) ?? '' };
  const [path, base, head] = [repository.path, pull.baseSha, pull.headSha];
  const message =
    method === 'merge' ? `Merge pull request #${number}\n\n${title}\n` : `${title} (#${number})\n`;
  const author = authorOf(method === 'merge' ? merger : pull.user);
  const made = { author, committer, message, at };
  const sha =
    method === 'merge'
      ? await mergeCommit(path, base, head, made)
      : await squashCommit(path, base, head, made);
  if (sha === undefined) return undefined;
  const ref = `refs/heads/${pull.baseRef}`;
  await setRef(path, ref, sha);
  await record(world, repository, { ref, after: sha, actor: merger, type: 'pr_merge' });
  pull.state = 'closed';
  pull.merged = { by: merger, at };
  pull.mergeSha = sha;
  pull.updatedAt = at;
  return sha;
}

/** Whether a pull request has brought a commit to its base. */
export async function merged(
  { merged, mergeSha, repository, baseSha }: PullRequest,
  sha: string,
): Promise<boolean> {
  if (merged === null || mergeSha === null) return false;
  return (await readCommits(repository.path, [`${baseSha}..${mergeSha}`])).some(
    (commit) => commit.sha === sha,
  );
}
