import { expect, test } from '@jest/globals';
import type { Account, Commit } from '@tenant-delivery/delivery/github-ports';
import { WEB_FLOW } from '@tenant-delivery/domain';
import { judgeRequest } from '../src/commands/contract-request.ts';

const account = (id: number, login: string): Account => ({ id, login, bot: false });
const [ANA, KIM, LOU] = [account(1, 'ana'), account(2, 'kim'), account(3, 'lou')];
const MERGE = account(WEB_FLOW, 'web-flow');
const BOT: Account = { id: 9, login: 'helper[bot]', bot: true };

const commit = (author: Commit['author'], committer: Commit['committer'] = author): Commit => ({
  sha: 'a1b2c3d4e5f60718',
  author,
  committer,
  parents: [],
});
function hands(by: readonly Account[], ...unsaid: readonly string[]) {
  return new Map([['a1b2c3d4e5f60718', { by, unsaid }]]);
}
const movedBy = (...by: readonly Account[]) => new Map([['a1b2c3d4e5f60718', by]]);

/** Ana writes, Kim merges, and Lou reviews the run. */
const facts = {
  ...{ tenant: 'acme', commits: [commit(ANA, MERGE)], starters: [KIM], approvers: [LOU] },
  requested: hands([]),
  brought: new Map<string, readonly Account[] | 'unknown'>([['a1b2c3d4e5f60718', [KIM]]]),
};

test('is who wrote and who merged, and a reviewer who did neither', () => {
  expect(judgeRequest(facts)).toEqual({
    askedBy: [
      { id: 1, login: 'ana' },
      { id: 2, login: 'kim' },
    ],
    approvedBy: [{ id: 3, login: 'lou' }],
  });
});

test.each<readonly [string, Partial<typeof facts> | { readonly commits: 'absent' }, string]>([
  ['only its author approved it', { approvers: [ANA] }, 'ana approved it and had a part in it'],
  ['only who merged it approved it', { approvers: [KIM] }, 'kim approved it and had a part in it'],
  [
    'only who committed for the author approved it',
    { commits: [commit(ANA, LOU)] },
    'lou approved it and had a part in it',
  ],
  [
    'only who squashed it in an earlier push approved it',
    { brought: new Map([['a1b2c3d4e5f60718', [LOU]]]) },
    'lou approved it and had a part in it',
  ],
  [
    'GitHub does not say who brought it',
    { brought: new Map([['a1b2c3d4e5f60718', 'unknown' as const]]) },
    'GitHub does not say who brought a1b2c3d4 to the branch',
  ],
  [
    'only who pushed to the branch of its pull request approved it',
    { requested: hands([LOU]) },
    'lou approved it and had a part in it',
  ],
  [
    'GitHub does not say who pushed to its pull request',
    { requested: hands([], 'GitHub does not tell any more') },
    'GitHub does not tell any more',
  ],
  ['nobody approved it', { approvers: [] }, 'nobody approved this run'],
  [
    'GitHub does not know who wrote it',
    { commits: [commit('unknown', MERGE)] },
    'GitHub has no account for who wrote a1b2c3d4',
  ],
  ['GitHub does not know what is in it', { commits: 'absent' }, 'GitHub does not know its commits'],
])('is none where %s', (_, change, why) => {
  expect(() => judgeRequest({ ...facts, ...change })).toThrow(
    expect.objectContaining({ code: 'CONTRACT_NOT_APPROVED', details: [why] }),
  );
});

test('may have a merge queue in it', () => {
  const queue = { brought: movedBy(BOT), starters: [BOT], requested: hands([KIM]) };
  expect(judgeRequest({ ...facts, ...queue }).approvedBy).toEqual([{ id: 3, login: 'lou' }]);
  const merge = { ...commit(BOT), parents: ['a', 'b'] };
  expect(judgeRequest({ ...facts, ...queue, commits: [merge] }).approvedBy).toEqual([
    { id: 3, login: 'lou' },
  ]);
});

test.each<readonly [string, Partial<typeof facts>]>([
  ['wrote it', { commits: [commit(BOT)] }],
  ['committed it', { commits: [commit(ANA, BOT)] }],
  ['opened its pull request or pushed to it', { requested: hands([KIM, BOT]) }],
  ['brought it alone, though a person started the run', { brought: movedBy(BOT) }],
])('is none where a bot %s', (_, change) => {
  const why =
    'helper[bot] had a part in a1b2c3d4, and GitHub does not say for whom: sign this change by hand';
  expect(() => judgeRequest({ ...facts, ...change })).toThrow(
    expect.objectContaining({ code: 'CONTRACT_NOT_APPROVED', details: [why] }),
  );
});

test('leaves out an approval by the author beside one that counts', () => {
  expect(judgeRequest({ ...facts, approvers: [ANA, LOU, LOU] }).approvedBy).toEqual([
    { id: 3, login: 'lou' },
  ]);
});
