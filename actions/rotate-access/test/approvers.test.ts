import { expect, test } from '@jest/globals';
import type { EnvironmentProtection, RunApproval } from '@tenant-delivery/delivery/github-ports';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { type ApprovalFacts, judgeApproval } from '../src/grants/approvers.ts';
import { readAccessInputs } from '../src/inputs.ts';

const word = (id: number, login: string, name: string, state: RunApproval['state'] = 'approved') => ({
  environments: [name],
  state,
  by: { id, login },
  comment: '',
});
const guarded: EnvironmentProtection = {
  name: 'first',
  reviewers: { kind: 'required', people: [], teams: [], preventSelfReview: true },
  adminsMayBypass: false,
  branches: { kind: 'any' },
};
const [carl, dora] = [word(1, 'carl', 'first'), word(2, 'dora', 'second')];
const facts: ApprovalFacts = {
  approvals: [carl, dora],
  environments: [
    ['first', guarded],
    ['second', guarded],
  ],
  attempt: 1,
  actor: { id: 7, login: 'ana' },
  triggeringActor: 'ana',
  requester: 'ben@example.com',
  people: new Set([1, 2, 7]),
  reviewers: 2,
};
const why = (change: Partial<ApprovalFacts>) => {
  const judged = judgeApproval({ ...facts, ...change });
  return 'why' in judged ? judged.why : [];
};

test('two people who did not ask approve a grant, and are named', () => {
  expect(judgeApproval(facts)).toEqual({ approvers: ['carl', 'dora'] });
});

test.each<[string, Partial<ApprovalFacts>, readonly string[]]>([
  ['the same person twice', { approvals: [carl, word(1, 'carl', 'second')] }, ['1 of 2 people approved it']],
  [
    'whoever asked',
    { approvals: [carl, word(7, 'Ana', 'second')] },
    ['1 of 2 people approved it', 'Ana asked for it'],
  ],
  [
    'whoever is to have it, for whom another one asked',
    { approvals: [carl, dora], requester: 'Dora@example.com' },
    ['1 of 2 people approved it', 'dora is to have it'],
  ],
  [
    'whoever is to have it, by the bare name',
    { requester: 'carl' },
    ['1 of 2 people approved it', 'carl is to have it'],
  ],
  [
    'somebody whom the contract does not know',
    { approvals: [carl, word(9, 'eve', 'second')] },
    ['1 of 2 people approved it', 'eve has no approval role in the contract'],
  ],
  [
    'a word on another environment',
    { approvals: [carl, word(2, 'dora', 'else')] },
    ['1 of 2 people approved it'],
  ],
  [
    'a rejection among approvals',
    { approvals: [carl, dora, word(7, 'ana', 'first', 'rejected')] },
    ['ana rejected it'],
  ],
  ['a second attempt', { attempt: 2 }, ['this is attempt 2 of the run']],
  [
    'a bot that started it, for anybody',
    { actor: { id: 41898282, login: 'github-actions[bot]' }, triggeringActor: 'github-actions[bot]' },
    ['github-actions[bot] started the run, and nobody says for whom'],
  ],
  ['nobody who started it', { actor: { id: Number.NaN, login: '' } }, ['nobody says who started the run']],
  [
    'environments that let more through',
    {
      environments: [
        ['first', { ...guarded, reviewers: { kind: 'none' }, adminsMayBypass: true }],
        ['second', 'absent'],
      ],
    },
    [
      'the environment first requires no reviewer',
      'the environment first lets administrators bypass its rules',
      'the environment second does not exist',
    ],
  ],
])('%s is no approval', (_, change, said) => {
  expect(why(change)).toEqual(said);
});

test('what a mode needs is asked for at once, and what belongs to another is no part of it', () => {
  const place = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
  const read = (inputs: Readonly<Record<string, string>>) => () =>
    readAccessInputs(
      fakeRunner({ inputs: { contract: 'signed', credential: 'break-glass', ...place, ...inputs } }),
    );
  expect(read({ mode: 'open-grant', requester: 'ana', minutes: '30' })).toThrow(
    /principal is missing.*incident is missing.*reason is missing.*github-token is missing/s,
  );
  expect(read({ mode: 'open-grant', requester: 'ana*', minutes: '61' })).toThrow(/requester.*minutes/s);
  expect(read({ mode: 'close-grant', grant: 'G1', wish: 'forced' })).toThrow(/wish is given/);
  expect(read({ mode: 'list-grants', contract: 'none' })).toThrow(/contract is "none"/);
  expect(read({ mode: 'run', grant: 'G1' })).toThrow(/grant is given/);
});
