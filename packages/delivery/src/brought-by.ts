import type { Account, BranchUpdate, Commit } from './github-ports.ts';

/** Before a branch is made, and after it is deleted. */
const NOTHING = '0'.repeat(40);

/** What a change brings: commits that the head has and the deployed revision has not. */
export interface Range {
  readonly commits: readonly Pick<Commit, 'sha' | 'parents'>[];
  readonly head: string;
  readonly since: string | undefined;
}

/** Who merged or pushed a commit to the branch. */
export interface Brought {
  readonly by: readonly Account[];
  /** GitHub names everybody who did. */
  readonly complete: boolean;
}

/**
 * Who merged or pushed each of these commits to the branch, told by how the branch moved: a squashed commit does not say
 * who merged it, and none says who pushed it.
 */
export async function broughtBy(
  range: Range,
  of: readonly string[],
  updates: AsyncIterable<BranchUpdate>,
): Promise<ReadonlyMap<string, Brought>> {
  const { moves, ended } = await traced(range, of, updates);
  return new Map(
    [...moves].map(([sha, those]) => {
      const complete = ended && moversIn(those) !== 'unknown';
      return [sha, { by: distinct(those.flatMap(({ by }) => (by === 'unknown' ? [] : [by]))), complete }];
    }),
  );
}

/**
 * The moves of the branch that brought each of these commits. Too many rather than too few where the branch was moved by
 * force; unknown where GitHub does not tell the branch's moves back to `since`.
 */
export async function movesThatBrought<Update extends BranchUpdate>(
  range: Range,
  of: readonly string[],
  updates: AsyncIterable<Update>,
): Promise<ReadonlyMap<string, readonly Update[] | 'unknown'>> {
  const { moves, ended } = await traced(range, of, updates);
  return new Map([...moves].map(([sha, those]) => [sha, ended ? those : 'unknown']));
}

/** The moves as far as GitHub tells them, and whether that is back to `since`. */
async function traced<Update extends BranchUpdate>(
  { commits, head, since }: Range,
  of: readonly string[],
  updates: AsyncIterable<Update>,
): Promise<{ readonly moves: ReadonlyMap<string, readonly Update[]>; readonly ended: boolean }> {
  const within = new Set(commits.map(({ sha }) => sha));
  const holding = new Map(of.map((sha) => [sha, descendantsOf(sha, commits)]));
  const found = new Map<string, Update[]>(of.map((sha) => [sha, []]));
  let begun = false; // what moved the branch after the head was there brings something else
  let ended = false;
  for await (const update of updates) {
    const { before, after, forced } = update;
    begun ||= after === head;
    if (!begun) continue;
    ended = after === since && after !== head; // the same revision may be deployed again
    if (ended) break;
    for (const [sha, holds] of holding) {
      const brings = within.has(after) ? holds.has(after) && !holds.has(before) : after !== NOTHING;
      if (brings) found.get(sha)?.push(update);
    }
    // all that is older was in the deployed revision already, but a branch that was restored had these commits before
    ended = !forced && !within.has(before);
    if (ended && before !== NOTHING) break;
  }
  return { moves: found, ended };
}

/** Who made these moves; unknown where GitHub does not name one of them, or there is none. */
export function moversIn(moves: readonly BranchUpdate[]): readonly Account[] | 'unknown' {
  const accounts = moves.map(({ by }) => by).filter((each) => each !== 'unknown');
  if (accounts.length === 0 || accounts.length < moves.length) return 'unknown';
  return distinct(accounts);
}

function distinct(accounts: readonly Account[]): readonly Account[] {
  return [...new Map(accounts.map((account) => [account.id, account])).values()];
}

/** The commits that have this one in their history, itself included. */
function descendantsOf(sha: string, commits: Range['commits']): ReadonlySet<string> {
  const children = new Map<string, string[]>();
  for (const commit of commits)
    for (const parent of commit.parents) children.set(parent, [...(children.get(parent) ?? []), commit.sha]);
  const found = new Set([sha]);
  const waiting = [sha];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const child of children.get(next) ?? [])
      if (!found.has(child)) {
        found.add(child);
        waiting.push(child);
      }
  return found;
}
