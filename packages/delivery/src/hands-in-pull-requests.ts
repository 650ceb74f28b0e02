import type { Account, MergedPullRequest, RepositoryUpdate } from './github-ports.ts';

/** What is known of who had a part in pull requests. */
export interface Hands {
  readonly by: readonly Account[];
  /** What GitHub does not say, a sentence each. While there is one, somebody may be missing. */
  readonly unsaid: readonly string[];
}

/** The repository that the pull requests were merged in, as far as GitHub tells. */
export interface Merging {
  readonly repository: string;
  /** How its branches moved, the newest first. */
  readonly updates: readonly RepositoryUpdate[];
  mergedWith(sha: string): Promise<readonly MergedPullRequest[]>;
}

/**
 * Who opened these pull requests, and who pushed to their branches before they were merged: the author of a commit is
 * no matter whom the commit names. A pull request that was merged into one of those branches counts too.
 */
export async function handsIn(pulls: readonly MergedPullRequest[], merging: Merging): Promise<Hands> {
  const [by, unsaid]: [Account[], string[]] = [[], []];
  const waiting = [...pulls];
  const seen = new Set<number>();
  for (let pull = waiting.shift(); pull !== undefined; pull = waiting.shift()) {
    if (seen.has(pull.number)) continue;
    seen.add(pull.number);
    const moves = movesOf(pull, merging);
    const all = [pull.openedBy, ...(typeof moves === 'string' ? [] : moves.map(({ by }) => by))];
    by.push(...all.filter((each) => each !== 'unknown'));
    if (typeof moves === 'string') unsaid.push(moves);
    else if (all.includes('unknown'))
      unsaid.push(`GitHub does not say by name who opened or pushed pull request #${pull.number}`);
    for (const { merged, after } of typeof moves === 'string' ? [] : moves)
      if (merged) waiting.push(...(await merging.mergedWith(after)));
  }
  return { by: [...new Map(by.map((each) => [each.id, each])).values()], unsaid };
}

/**
 * Every move of its branch from when the branch was made until it was merged, or why they are not known. A branch that was
 * deleted and made again has more than one life, and the one that it was made again from counts too.
 */
function movesOf(
  { number, head: { repository, ref, sha } }: MergedPullRequest,
  merging: Merging,
): readonly RepositoryUpdate[] | string {
  if (repository !== merging.repository)
    return `pull request #${number} comes from another repository, where GitHub does not say who pushed: push its branch to ${merging.repository} and merge it from there`;
  const lives = livesIn(merging.updates.filter((update) => update.ref === ref));
  const heads = new Set([sha]);
  const found = new Set<RepositoryUpdate>();
  // a set is also walked through what is added on the way
  for (const head of heads)
    for (const life of lives) {
      const last = life.findIndex(({ after }) => after === head);
      const made = life.at(-1);
      if (last < 0 || made === undefined) continue;
      if (!made.made) return untold(number, ref);
      heads.add(made.after);
      for (const move of life.slice(last)) found.add(move);
    }
  return found.size > 0 ? [...found] : untold(number, ref);
}

function untold(number: number, ref: string): string {
  return `GitHub does not tell any more who pushed to ${ref.slice('refs/heads/'.length)}, the branch of pull request #${number}`;
}

/** The moves of one branch, the newest first, cut after each one that made it. GitHub may not tell how the oldest life began. */
function livesIn(own: readonly RepositoryUpdate[]): readonly (readonly RepositoryUpdate[])[] {
  const ends = own.flatMap(({ made }, index) => (made ? [index + 1] : []));
  return [...ends, own.length].map((end, index) => own.slice(ends[index - 1] ?? 0, end));
}
