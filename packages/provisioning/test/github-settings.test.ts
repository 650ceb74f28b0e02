import { describe, expect, test } from '@jest/globals';
import { contractOfSize } from '../src/contract-of-size.ts';
import { compareSettings, notSeen, type SettingDifference } from '../src/github/compare-settings.ts';
import type { ObservedRepository } from '../src/github/ports.ts';
import { settingChanges } from '../src/github/setting-changes.ts';
import { stepsByHand } from '../src/github/steps-by-hand.ts';
import {
  reviewersOf,
  type WantedRepository,
  wantedRepositorySettings,
} from '../src/github/wanted-settings.ts';

const CONTRACT = contractOfSize({ services: 4, repositories: 2, releases: 1, longest: false });
const ALL = wantedRepositorySettings(CONTRACT, 'prod');
const [first] = ALL;
if (!first) throw new Error('there are two repositories');
const CHECKS = ['release gate (acme/prod/orders-0)', 'release gate (acme/prod/orders-2)'];
const APPROVAL = { ...first.approval, required: { customer: 1 }, roles: { customer: [11, 12] } };
const WANTED: WantedRepository = {
  ...first,
  approval: APPROVAL,
  deployment: { environment: 'acme-prod', branches: ['main'] },
  ruleset: { name: 'tenant-delivery acme-prod', branches: ['main'], checks: CHECKS },
};
const RULESET = {
  ...{
    id: 5,
    active: true,
    bypass: 'nobody' as const,
    include: ['refs/heads/main'],
    exclude: [],
    upToDate: false,
  },
  rules: ['deletion', 'non_fast_forward', 'required_status_checks'],
  checks: CHECKS,
};
const AS_AGREED: ObservedRepository = {
  id: first.id,
  visibility: 'private',
  approval: {
    name: APPROVAL.environment,
    adminsMayBypass: false,
    reviewers: {
      kind: 'required',
      people: [{ id: 11, login: 'ben' }],
      teams: [],
      preventSelfReview: true,
    },
    branches: { kind: 'any' },
  },
  deployment: {
    name: 'acme-prod',
    adminsMayBypass: true,
    reviewers: { kind: 'none' },
    branches: { kind: 'patterns', branches: ['main'], tags: [] },
  },
  rules: { main: { deletion: 'refused', forcePush: 'refused', checks: CHECKS } },
  ruleset: RULESET,
};

test('every repository of the customer is to be set and the operations repository of all tenants is not, each with the checks of its own services', () => {
  expect(ALL.map(({ repository, id }) => [repository, id])).toEqual([
    ['acme/repository-0', 9_000_000_000],
    ['acme/repository-1', 9_000_000_001],
  ]);
  expect(first.ruleset.checks).toEqual(CHECKS);
  expect(wantedRepositorySettings(CONTRACT, 'staging')).toEqual([]);
});

test('those are asked who have a role that must approve, and a person chooses where there are too many', () => {
  const roles = { customer: [12, 11], provider: [11, 3] };
  expect(reviewersOf({ ...APPROVAL, required: { customer: 1 }, roles })).toEqual([11, 12]);
  const many = { ...APPROVAL, roles: { customer: [1, 2, 3, 4, 5, 6, 7] } };
  expect(reviewersOf(many)).toBe('too-many');
  const observed: ObservedRepository = { ...AS_AGREED, approval: 'absent' };
  const found = compareSettings({ ...WANTED, approval: many }, observed).filter(
    ({ of }) => of === 'approval',
  );
  expect(found.every(({ byHand }) => byHand)).toBe(true);
  expect(found.map(({ says }) => says)).toContainEqual(expect.stringContaining('asks six at most'));
});

describe('compared with what is there', () => {
  const differences = (observed: Partial<ObservedRepository>) =>
    compareSettings(WANTED, { ...AS_AGREED, ...observed });

  test('a repository that is set as agreed differs in nothing', () => {
    expect(differences({})).toEqual([]);
  });

  const approval = AS_AGREED.approval === 'absent' ? undefined : AS_AGREED.approval;
  const deployment = AS_AGREED.deployment === 'absent' ? undefined : AS_AGREED.deployment;
  if (!approval || !deployment) throw new Error('both are there');
  const says = (of: SettingDifference['of'], text: string, byHand = false) =>
    expect.objectContaining({ of, says: expect.stringContaining(text), byHand });

  test.each<[string, Partial<ObservedRepository>, unknown]>([
    ['another number', { id: 1 }, says('repository', 'another repository has this name now', true)],
    [
      'a bypass, which only a person takes away',
      { approval: { ...approval, adminsMayBypass: true } },
      says('approval', 'switch that off', true),
    ],
    [
      'no reviewer',
      { approval: { ...approval, reviewers: { kind: 'none' } } },
      says('approval', 'requires no reviewer'),
    ],
    [
      'the plan that reviewers need',
      { approval: { ...approval, reviewers: { kind: 'none' } } },
      says('approval', 'needs GitHub Enterprise', true),
    ],
    [
      'any branch',
      { deployment: { ...deployment, branches: { kind: 'any' } } },
      says('deployment', 'deploys from any branch'),
    ],
    [
      'a branch that lacks',
      { deployment: { ...deployment, branches: { kind: 'patterns', branches: [], tags: [] } } },
      says('deployment', 'does not deploy from main'),
    ],
    ['no rules at all', { rules: {}, ruleset: 'absent' }, says('ruleset', 'main may be deleted')],
    [
      'a check that lacks',
      { rules: { main: { deletion: 'refused', forcePush: 'refused', checks: CHECKS.slice(1) } } },
      says('ruleset', `without the check ${CHECKS[0]}`),
    ],
    [
      'a ruleset that somebody bypasses',
      { ruleset: { ...RULESET, bypass: 'somebody' } },
      says('ruleset', 'somebody may bypass'),
    ],
    [
      'a ruleset that is switched off',
      { ruleset: { ...RULESET, active: false } },
      says('ruleset', 'is not active'),
    ],
  ])('%s is named', (_, observed, wanted) => {
    expect(differences(observed)).toContainEqual(wanted);
  });

  test('a repository that is not seen is no repository that is well', () => {
    expect(compareSettings(WANTED, 'absent')).toEqual([says('repository', 'not there', true)]);
  });

  test('who may bypass a ruleset is no difference where nobody could see it, and is said', () => {
    expect(differences({ ruleset: { ...RULESET, bypass: 'unseen' } })).toEqual([]);
    const said = (ruleset: ObservedRepository['ruleset']) => notSeen(WANTED, { ...AS_AGREED, ruleset });
    const sentence = expect.stringContaining('who may bypass the rules');
    expect(said({ ...RULESET, bypass: 'unseen' })).toEqual([sentence]);
    expect(said('absent')).toEqual([sentence]); // the rules are somebody else's ruleset
    expect(said({ ...RULESET, bypass: 'somebody' })).toEqual([]); // that is a difference
    expect(said({ ...RULESET, bypass: 'nobody' })).toEqual([]);
  });
});

test('setting an environment names each reviewer and branch that it takes away', () => {
  const { approval, deployment } = AS_AGREED;
  if (approval === 'absent' || deployment === 'absent') throw new Error('both are there');
  const people = [{ id: 99, login: 'eve' }];
  const reviewers = { kind: 'required' as const, people, teams: ['sre'], preventSelfReview: true };
  const branches = { kind: 'patterns' as const, branches: ['topic'], tags: ['v*'] };
  const observed = {
    ...AS_AGREED,
    approval: { ...approval, reviewers },
    deployment: { ...deployment, branches },
  };
  expect(settingChanges('approval', WANTED, observed)).toEqual([
    { path: '/reviewers/11', before: null, after: '11' },
    { path: '/reviewers/12', before: null, after: '12' },
    { path: '/reviewers/99', before: 'eve', after: null },
    { path: '/reviewers/team sre', before: 'sre', after: null },
  ]);
  expect(settingChanges('deployment', WANTED, observed)).toEqual([
    { path: '/branches/main', before: null, after: 'main' },
    { path: '/branches/topic', before: 'topic', after: null },
    { path: '/tags/v*', before: 'v*', after: null },
  ]);
});

test('without an App, a person reads what to set in the words of the pages', () => {
  expect(stepsByHand(WANTED)).toEqual([
    expect.stringMatching(/Environments: make .*Required reviewers are .*11, 12.*Prevent self-review/),
    expect.stringMatching(/make acme-prod\. Deployment branches .*: main\. No reviewers/),
    expect.stringContaining(`require the status checks ${CHECKS.join(', ')}`),
  ]);
});
