import { expect, test } from '@jest/globals';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import type { RunApproval } from '../src/github-ports.ts';
import { type ApprovalFacts, judgeRunApproval } from '../src/judge-run-approval.ts';

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
const ANA = { id: 7, login: 'ana', bot: false };
const facts: ApprovalFacts = {
  approvals: [carl, dora],
  environments: [
    ['first', guarded],
    ['second', guarded],
  ],
  attempt: 1,
  starters: [ANA],
  requester: 'ben@example.com',
  people: new Set([1, 2, 3, 7]),
};
const why = (change: Partial<ApprovalFacts>) => {
  const judged = judgeRunApproval({ ...facts, ...change });
  return 'why' in judged ? judged.why : [];
};

test('two people who did not ask approve a grant, and are named', () => {
  expect(judgeRunApproval(facts)).toEqual({ approvers: ['carl', 'dora'] });
});

test('one person approves a grant where one must, and a second job of the environment has an approver who may', () => {
  const environments: ApprovalFacts['environments'] = [['first', guarded]];
  expect(judgeRunApproval({ ...facts, approvals: [carl], environments })).toEqual({ approvers: ['carl'] });
  const approvals = [carl, word(3, 'eve', 'first')];
  expect(judgeRunApproval({ ...facts, approvals, environments })).toEqual({ approvers: ['carl', 'eve'] });
});

test.each<[string, Partial<ApprovalFacts>, readonly string[]]>([
  [
    'the same person twice',
    { approvals: [carl, word(1, 'carl', 'second')] },
    ['carl approved in first and in second, which is for two people'],
  ],
  [
    'the same person at once for both',
    { approvals: [{ ...carl, environments: ['first', 'second'] }] },
    ['carl approved in first and in second, which is for two people'],
  ],
  [
    'the same person twice beside one who approved another job',
    { approvals: [carl, word(1, 'carl', 'second'), word(3, 'eve', 'first')] },
    ['carl approved in first and in second, which is for two people'],
  ],
  ['whoever asked', { approvals: [carl, word(7, 'Ana', 'second')] }, ['Ana asked for it']],
  [
    'whoever asked, beside two who approved another job',
    { approvals: [carl, dora, word(7, 'ana', 'second')] },
    ['ana asked for it'],
  ],
  [
    'whoever is to have it, for whom another one asked',
    { approvals: [carl, dora], requester: 'Dora@example.com' },
    ['dora is to have it'],
  ],
  ['whoever is to have it, by the bare name', { requester: 'carl' }, ['carl is to have it']],
  [
    'somebody whom the contract does not know',
    { approvals: [carl, word(9, 'eve', 'second')] },
    ['eve has no approval role in the contract'],
  ],
  [
    'a word on another environment',
    { approvals: [carl, word(2, 'dora', 'else')] },
    ['nobody approved in second'],
  ],
  [
    'a rejection among approvals',
    { approvals: [carl, dora, word(3, 'eve', 'first', 'rejected')] },
    ['eve rejected it'],
  ],
  ['a second attempt', { attempt: 2 }, ['this is attempt 2 of the run']],
  [
    'a bot that started it, for anybody',
    { starters: [{ id: 41898282, login: 'github-actions[bot]', bot: true }] },
    ['github-actions[bot] started the run, and GitHub does not say for whom'],
  ],
  [
    'a bot whose login is like that of a person',
    {
      starters: [...[facts.starters].flat(), { id: 198982749, login: 'Copilot', bot: true }].filter(
        (each) => each !== 'unknown',
      ),
    },
    ['Copilot started the run, and GitHub does not say for whom'],
  ],
  ['nobody who started it', { starters: 'unknown' }, ['GitHub does not say who started the run']],
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
