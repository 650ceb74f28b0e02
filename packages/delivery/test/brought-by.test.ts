import { describe, expect, it } from '@jest/globals';
import { broughtBy } from '../src/brought-by.ts';
import type { Account, BranchUpdate, Commit } from '../src/github-ports.ts';

const person = (id: number, login: string): Account => ({ id, login, bot: false });
const [ANA, BEN, EVE] = [person(1, 'ana'), person(2, 'ben'), person(3, 'eve')];
const BOT: Account = { id: 9, login: 'bot[bot]', bot: true };
const NOTHING = '0'.repeat(40);

const commit = (sha: string, ...parents: string[]): Commit => ({
  sha,
  author: BOT,
  committer: BOT,
  parents,
});
const move = (before: string, after: string, by: BranchUpdate['by'], forced = false) => ({
  before,
  after,
  by,
  forced,
});

/** Who brought `of`, when the newest of these moves comes last. */
async function who(
  commits: readonly Commit[],
  moves: readonly BranchUpdate[],
  { of = 'b', head = commits.at(-1)?.sha ?? '', since = 'old' as string | undefined } = {},
) {
  let read = 0;
  async function* updates() {
    for (const update of moves.toReversed()) {
      read += 1;
      yield update;
    }
  }
  const found = await broughtBy({ commits, head, since }, [of], updates());
  const { by = [], complete } = found.get(of) ?? {};
  const names = by.map(({ login }) => login);
  return { by: complete ? names : 'unknown', told: names, read };
}

describe('who merged or pushed a commit', () => {
  it('is the person who moved the branch to where it first had it, and nobody who moved it before or after', async () => {
    const commits = [commit('a', 'old'), commit('b', 'a'), commit('c', 'b')];
    const moves = [
      move('older', 'old', EVE),
      move('old', 'a', BEN),
      move('a', 'b', ANA),
      move('b', 'c', EVE),
    ];
    expect(await who(commits, moves)).toMatchObject({ by: ['ana'], read: 3 });
    expect(await who(commits, [...moves, move('c', 'later', BEN)], { of: 'c' })).toMatchObject({
      by: ['eve'],
    });
  });

  it('is also the person who did so before the branch was deleted and restored', async () => {
    const commits = [commit('a', 'old'), commit('b', 'a')];
    const moves = [
      ...[move('older', 'old', EVE), move('old', 'b', ANA)],
      ...[move('b', NOTHING, EVE), move(NOTHING, 'b', BEN)],
    ];
    expect(await who(commits, moves)).toMatchObject({ by: ['ben', 'ana'], read: 3 });
  });

  it('is the person who merged the branch that it was on', async () => {
    const commits = [commit('a', 'old'), commit('b', 'old'), commit('m', 'a', 'b')];
    expect(await who(commits, [move('old', 'a', BEN), move('a', 'm', ANA)])).toMatchObject({ by: ['ana'] });
  });

  it('is the person who pushed several at once', async () => {
    const commits = [commit('b', 'old'), commit('c', 'b')];
    expect(await who(commits, [move('old', 'c', ANA)])).toMatchObject({ by: ['ana'] });
  });

  it('is the person who made the branch of it', async () => {
    const one = [commit('b', 'a')];
    const made = [move(NOTHING, 'b', ANA)];
    expect(await who(one, made, { since: undefined })).toMatchObject({ by: ['ana'] });
  });

  it('is told of a revision that is deployed again', async () => {
    const again = { since: 'b', head: 'b' };
    expect(await who([commit('b', 'a')], [move('a', 'b', ANA)], again)).toMatchObject({ by: ['ana'] });
  });

  it('is asked no further back than the deployed revision', async () => {
    const moves = [
      ...Array.from({ length: 50 }, (_, n) => move(`${n}`, `${n + 1}`, EVE)),
      move('50', 'old', EVE),
    ];
    const { read } = await who([commit('b', 'old')], [...moves, move('old', 'b', ANA)]);
    expect(read).toBe(1);
  });

  it('is everybody who had it there, when the branch was moved by force in between', async () => {
    const commits = [commit('b', 'old')];
    const away = [move('old', 'b', ANA), move('b', 'd', BEN), move('d', 'b', EVE, true)];
    expect(await who(commits, away)).toMatchObject({ by: ['eve', 'ben', 'ana'] });
    const at = [move('old', 'd', ANA), move('d', 'b', EVE, true)];
    expect(await who(commits, at)).toMatchObject({ by: ['eve', 'ana'] });
  });
});

describe('nobody knows who merged or pushed a commit', () => {
  const one = [commit('b', 'old')];

  it.each<[string, readonly Commit[], readonly BranchUpdate[]]>([
    ['when no move brought it', [commit('b', 'old'), commit('c', 'b')], [move('b', 'c', ANA)]],
    ['when the branch never was where the change is', one, [move('old', 'x', ANA)]],
    ['when GitHub names nobody', one, [move('old', 'b', 'unknown')]],
    [
      'when GitHub names nobody for one of several moves',
      one,
      [move('old', 'd', 'unknown'), move('d', 'b', EVE, true)],
    ],
    ['when GitHub tells no further back than to a move by force', one, [move('d', 'b', EVE, true)]],
    ['when GitHub tells of nothing', one, []],
  ])('%s', async (_, commits, moves) => {
    expect(await who(commits, moves)).toMatchObject({ by: 'unknown' });
  });
});

it('tells of those whom GitHub does name, where it does not name everybody', async () => {
  const one = [commit('b', 'old')];
  const named = await who(one, [move('old', 'd', 'unknown'), move('d', 'b', EVE, true)]);
  expect(named).toMatchObject({ by: 'unknown', told: ['eve'] });
  const begins = await who(one, [move('d', 'b', EVE, true)]);
  expect(begins).toMatchObject({ by: 'unknown', told: ['eve'] });
});
