import { expect, test } from '@jest/globals';
import type { Account, MergedPullRequest, RepositoryUpdate } from '../src/github-ports.ts';
import { handsIn } from '../src/hands-in-pull-requests.ts';

const person = (id: number, login: string): Account => ({ id, login, bot: false });
const [ANA, BEN, EVE, KIM] = [person(1, 'ana'), person(2, 'ben'), person(3, 'eve'), person(4, 'kim')];
const NOTHING = '0'.repeat(40);
const HERE = 'acme/operations';

const pull = (
  number: number,
  openedBy: MergedPullRequest['openedBy'],
  ref: string,
  sha: string,
  repository = HERE,
): MergedPullRequest => ({ number, openedBy, head: { repository, ref: `refs/heads/${ref}`, sha } });

const moved = (
  ref: string,
  before: string,
  after: string,
  by: RepositoryUpdate['by'],
  more: Partial<RepositoryUpdate> = {},
): RepositoryUpdate => ({
  ...{ ref: `refs/heads/${ref}`, before, after, by },
  ...{ forced: false, made: before === NOTHING, merged: false },
  ...more,
});

/** `moves`: the oldest first. */
async function hands(
  pulls: readonly MergedPullRequest[],
  moves: readonly RepositoryUpdate[],
  merged: Readonly<Record<string, readonly MergedPullRequest[]>> = {},
) {
  const { by, unsaid } = await handsIn(pulls, {
    repository: HERE,
    updates: moves.toReversed(),
    mergedWith: async (sha) => merged[sha] ?? [],
  });
  return { by: by.map(({ login }) => login).sort(), unsaid };
}

const MADE = [moved('wish', NOTHING, 'a', EVE), moved('main', 'old', 'm', KIM), moved('wish', 'a', 'b', BEN)];

test('are who opened it and everybody who pushed to its branch until it was merged', async () => {
  expect(await hands([pull(7, ANA, 'wish', 'b')], MADE)).toEqual({ by: ['ana', 'ben', 'eve'], unsaid: [] });
});

test('are not those who used the name of the branch before or afterwards', async () => {
  const moves = [
    ...[moved('wish', NOTHING, 'x', KIM), moved('wish', 'x', NOTHING, KIM)],
    ...MADE,
    ...[moved('wish', 'b', NOTHING, KIM), moved('wish', NOTHING, 'c', KIM)],
  ];
  expect(await hands([pull(7, ANA, 'wish', 'b')], moves)).toEqual({
    by: ['ana', 'ben', 'eve'],
    unsaid: [],
  });
});

test.each<readonly [string, readonly RepositoryUpdate[]]>([
  ['after the merge', [...MADE, moved('wish', 'b', NOTHING, KIM), moved('wish', NOTHING, 'b', KIM)]],
  [
    'and pushed to, before the pull request',
    [
      ...[moved('wish', NOTHING, 'a', EVE), moved('wish', 'a', NOTHING, KIM)],
      ...[moved('wish', NOTHING, 'a', KIM), moved('wish', 'a', 'b', BEN)],
    ],
  ],
])('are also those who pushed to its branch before it was restored %s', async (_, moves) => {
  expect(await hands([pull(7, ANA, 'wish', 'b')], moves)).toEqual({
    by: ['ana', 'ben', 'eve', 'kim'],
    unsaid: [],
  });
});

test('are also those of a pull request that was merged into its branch, once each', async () => {
  const moves = [
    moved('part', NOTHING, 'p', EVE),
    moved('wish', NOTHING, 'a', ANA),
    moved('wish', 'a', 'b', BEN, { merged: true }),
  ];
  const part = pull(8, ANA, 'part', 'p');
  const wish = pull(7, ANA, 'wish', 'b');
  expect(await hands([wish], moves, { b: [part, wish] })).toEqual({ by: ['ana', 'ben', 'eve'], unsaid: [] });
});

test.each<readonly [string, MergedPullRequest, readonly RepositoryUpdate[], string]>([
  [
    'its branch is not told any more',
    pull(7, ANA, 'gone', 'b'),
    MADE,
    'GitHub does not tell any more who pushed to gone, the branch of pull request #7',
  ],
  [
    'the beginning of its branch is not told any more',
    pull(7, ANA, 'wish', 'b'),
    MADE.slice(1),
    'GitHub does not tell any more who pushed to wish, the branch of pull request #7',
  ],
  [
    'the beginning of the branch that was restored is not told any more',
    pull(7, ANA, 'wish', 'b'),
    [...MADE.slice(1), moved('wish', 'b', NOTHING, KIM), moved('wish', NOTHING, 'b', KIM)],
    'GitHub does not tell any more who pushed to wish, the branch of pull request #7',
  ],
  [
    'it comes from another repository',
    pull(7, ANA, 'wish', 'b', 'eve/operations'),
    MADE,
    'pull request #7 comes from another repository, where GitHub does not say who pushed: push its branch to acme/operations and merge it from there',
  ],
  [
    'nobody has the account that opened it',
    pull(7, 'unknown', 'wish', 'b'),
    MADE,
    'GitHub does not say by name who opened or pushed pull request #7',
  ],
  [
    'nobody has the account that pushed to it',
    pull(7, ANA, 'wish', 'b'),
    [moved('wish', NOTHING, 'b', 'unknown')],
    'GitHub does not say by name who opened or pushed pull request #7',
  ],
])('are unknown where %s', async (_, asked, moves, why) => {
  expect((await hands([asked], moves)).unsaid).toEqual([why]);
});
