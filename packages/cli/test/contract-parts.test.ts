import { expect, test } from '@jest/globals';
import type { Account, MergedPullRequest, RepositoryUpdate } from '@tenant-delivery/delivery/github-ports';
import { partsIn } from '../src/commands/contract-parts.ts';

const [ANA, EVE, KIM] = ['ana', 'eve', 'kim'].map((login, id): Account => ({ id, login, bot: false })) as [
  Account,
  Account,
  Account,
];
const NOTHING = '0'.repeat(40);
const HERE = 'acme/operations';
const MAIN = 'refs/heads/main';

const moved = (ref: string, before: string, after: string, by: Account): RepositoryUpdate => ({
  ...{ ref, before, after, by, forced: false, made: before === NOTHING, merged: ref === MAIN },
});

const pull = (number: number, openedBy: Account, ref: string, repository = HERE): MergedPullRequest => ({
  ...{ number, openedBy, head: { repository, ref, sha: 'a' } },
});

const BOT: Account = { id: 9, login: 'helper[bot]', bot: true };
const MERGED = moved(MAIN, 'old', 'a', KIM);

/** Eve writes `a` on a branch, and Kim merges it. */
const partsOf = (...pulls: readonly MergedPullRequest[]) => partsWhere(MERGED, pulls);

async function partsWhere(arrived: RepositoryUpdate, pulls: readonly MergedPullRequest[]) {
  const change = {
    job: { repository: HERE, branch: MAIN, sha: 'a' },
    history: { touched: ['a'], range: [{ sha: 'a', parents: ['old'] }] },
    since: 'old',
    updates: [arrived, moved('refs/heads/wish', NOTHING, 'a', EVE)],
  };
  return (await partsIn(change, { mergedWith: async () => pulls })).requested.get('a');
}

test('no part has who merged the branch into another one afterwards', async () => {
  const wish = pull(7, ANA, 'refs/heads/wish');
  expect(await partsOf(wish, pull(8, KIM, MAIN))).toEqual({ by: [ANA, EVE], unsaid: [] });
  expect((await partsOf(pull(8, KIM, MAIN)))?.unsaid).toEqual([
    'GitHub does not say which pull request brought a',
  ]);
});

test.each(['eve/operations', 'gone'])(
  'a branch with the same name in another repository is not this branch: %s',
  async (repository) => {
    const fork = pull(8, EVE, MAIN, repository);
    expect((await partsOf(pull(7, ANA, 'refs/heads/wish'), fork))?.unsaid).toEqual([
      'pull request #8 comes from another repository, where GitHub does not say who pushed: push its branch to acme/operations and merge it from there',
    ]);
  },
);

test('a bot may merge what people proposed, and push nothing itself', async () => {
  const wish = pull(7, ANA, 'refs/heads/wish');
  expect(await partsWhere({ ...MERGED, by: BOT }, [wish])).toEqual({ by: [ANA, EVE], unsaid: [] });
  expect((await partsWhere({ ...MERGED, by: BOT, merged: false }, [wish]))?.unsaid).toEqual([
    'helper[bot] pushed a, and GitHub does not say for whom: sign this change by hand',
  ]);
});
