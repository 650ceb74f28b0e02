import type { Account, BranchUpdate, Commit, RunApproval } from '@tenant-delivery/delivery/github-ports';
import fc from 'fast-check';

/*
 * What people and bots did in a repository and in one run of it, and what GitHub tells of that afterwards. What GitHub
 * does not tell (for which job and attempt a review was) is in the story alone, for the judge of the outcome.
 */

const person = (id: number, login: string): Account => ({ id, login, bot: false });
export const ANA = person(200010, 'dev-ana');
export const BEN = person(200001, 'lead-ben');
export const EVE = person(200002, 'lead-eve');
export const KIM = person(300001, 'sre-kim');
const MAL = person(666, 'mallory');
export const DEPENDABOT: Account = { id: 49_699_333, login: 'dependabot[bot]', bot: true };
const RENOVATE: Account = { id: 29_139_614, login: 'renovate[bot]', bot: true };
export const TOKEN_BOT: Account = { id: 41_898_282, login: 'github-actions[bot]', bot: true };
const GITHUB = person(19_864_447, 'web-flow');
export const ENVIRONMENT = 'acme-prod-approval';

type AccountOrUnknown = Account | 'unknown';

/** One step of the delivered branch. */
export type Move =
  | {
      readonly how: 'push';
      readonly by: AccountOrUnknown;
      readonly commits: readonly (readonly [AccountOrUnknown, AccountOrUnknown])[];
    }
  /** One commit of the author's, by GitHub. */
  | { readonly how: 'squash'; readonly by: AccountOrUnknown; readonly author: AccountOrUnknown }
  /** Commits of a branch, and one that merges them. */
  | {
      readonly how: 'merge';
      readonly by: Account;
      readonly commits: readonly (readonly [AccountOrUnknown, AccountOrUnknown])[];
    }
  /** By force, this many moves back, or to what was left in this way. */
  | { readonly how: 'rewind'; readonly by: Account }
  | { readonly how: 'restore'; readonly by: Account };

export interface Story {
  readonly moves: readonly Move[];
  /** Who started each attempt; the first is the run's actor. */
  readonly attempts: readonly Account[];
  /** Who approved something else: another job of the environment, or this one in an earlier attempt. */
  readonly elsewhere: readonly Account[];
  /** Who let the approve job of the last attempt begin. */
  readonly reviewer: Account;
}

const someone = (...weighted: readonly (readonly [number, AccountOrUnknown])[]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
const known = (...weighted: readonly (readonly [number, Account])[]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const writer = someone(
  [8, ANA],
  [2, MAL],
  [5, DEPENDABOT],
  [2, BEN],
  [2, EVE],
  [1, RENOVATE],
  [1, TOKEN_BOT],
  [1, 'unknown'],
);
const mover = known([6, ANA], [3, MAL], [2, BEN], [2, EVE], [1, DEPENDABOT], [1, TOKEN_BOT]);
const commits = fc.array(fc.tuple(writer, fc.oneof(fc.constant<AccountOrUnknown>(GITHUB), writer)), {
  minLength: 1,
  maxLength: 2,
});
const pusher = fc.oneof(
  { weight: 3, arbitrary: mover as fc.Arbitrary<AccountOrUnknown> },
  fc.constant<AccountOrUnknown>('unknown'),
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ how: fc.constant('push' as const), by: pusher, commits }) },
  { weight: 4, arbitrary: fc.record({ how: fc.constant('squash' as const), by: pusher, author: writer }) },
  { weight: 3, arbitrary: fc.record({ how: fc.constant('merge' as const), by: mover, commits }) },
  fc.record({ how: fc.constant('rewind' as const), by: mover }),
  fc.record({ how: fc.constant('restore' as const), by: mover }),
);
const starter = known([8, ANA], [2, MAL], [1, BEN], [1, EVE], [1, DEPENDABOT], [1, TOKEN_BOT], [1, RENOVATE]);
const reviewer = known([6, BEN], [6, EVE], [1, KIM], [1, MAL], [1, ANA]);

export const story: fc.Arbitrary<Story> = fc.record({
  moves: fc.array(move, { minLength: 1, maxLength: 4 }),
  attempts: fc.array(starter, { minLength: 1, maxLength: 3 }),
  elsewhere: fc.array(reviewer, { maxLength: 2 }),
  reviewer,
});

/** What became of the branch: its commits, who brought each of them last, and what GitHub tells. */
export interface Branch {
  readonly head: string;
  /** In the head and not in the deployed revision, oldest first. */
  readonly commits: readonly Commit[];
  readonly updates: readonly BranchUpdate[];
  /** By commit. */
  readonly brought: ReadonlyMap<string, AccountOrUnknown>;
}

export const DEPLOYED = 'd'.repeat(40);

export function branchOf({ moves }: Story): Branch {
  const all = new Map<string, Commit>();
  const states: { readonly tip: string; readonly in: ReadonlySet<string> }[] = [
    { tip: DEPLOYED, in: new Set() },
  ];
  const brought = new Map<string, AccountOrUnknown>();
  const updates: BranchUpdate[] = [];
  let now = 0;
  const add = (author: AccountOrUnknown, committer: AccountOrUnknown, parents: readonly string[]): string => {
    const sha = (all.size + 1).toString(16).padStart(40, 'c');
    all.set(sha, { sha, author, committer, parents });
    return sha;
  };
  const arrive = (tip: string, holds: ReadonlySet<string>, by: AccountOrUnknown, forced = false): void => {
    const before = states[now]?.in ?? new Set();
    for (const sha of holds) if (!before.has(sha)) brought.set(sha, by);
    updates.push({ before: states[now]?.tip ?? '', after: tip, forced, by });
    states.splice(now + 1, forced ? 0 : states.length, ...(forced ? [] : [{ tip, in: holds }]));
  };
  for (const each of moves) {
    const { tip, in: held } = states[now] ?? { tip: DEPLOYED, in: new Set<string>() };
    if (each.how === 'rewind') {
      const back = states[now - 1];
      if (!back) continue;
      arrive(back.tip, back.in, each.by, true);
      now -= 1;
      continue;
    }
    if (each.how === 'restore') {
      const left = states[now + 1];
      if (!left) continue;
      for (const sha of left.in) if (!held.has(sha)) brought.set(sha, each.by);
      updates.push({ before: tip, after: left.tip, forced: false, by: each.by });
      now += 1;
      continue;
    }
    const made: string[] = [];
    if (each.how === 'squash') made.push(add(each.author, GITHUB, [tip]));
    else
      for (const [author, committer] of each.commits) made.push(add(author, committer, [made.at(-1) ?? tip]));
    if (each.how === 'merge') made.push(add(each.by, GITHUB, [tip, made.at(-1) ?? tip]));
    arrive(made.at(-1) ?? tip, new Set([...held, ...made]), each.by);
    now += 1;
  }
  const end = states[now];
  const within = [...(end?.in ?? [])].flatMap((sha) => all.get(sha) ?? []);
  return { head: end?.tip ?? DEPLOYED, commits: within, updates, brought };
}

/** The history of reviews, as GitHub shows it: environments, and no job or attempt. */
export function reviewsOf({ elsewhere, reviewer }: Story): readonly RunApproval[] {
  return [...elsewhere, reviewer].map(({ id, login }) => ({
    environments: [ENVIRONMENT],
    state: 'approved',
    by: { id, login },
    comment: '',
  }));
}
