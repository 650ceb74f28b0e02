import { describe, expect, it } from '@jest/globals';
import type { EnvironmentProtection } from '../src/environment-protection.ts';
import { compareApprovalEnvironment, compareDeployEnvironment } from '../src/environment-protection.ts';

const AGREED = {
  environment: 'acme-prod-approval',
  days: 7,
  required: { customer: 1 },
  roles: { customer: [200001], 'provider-sre': [300001] },
};
const APPROVAL: EnvironmentProtection = {
  name: 'acme-prod-approval',
  adminsMayBypass: false,
  reviewers: {
    kind: 'required',
    people: [{ id: 200001, login: 'lead-ben' }],
    teams: [],
    preventSelfReview: true,
  },
  branches: { kind: 'any' },
};
const DEPLOY: EnvironmentProtection = {
  name: 'acme-prod',
  adminsMayBypass: true,
  reviewers: { kind: 'none' },
  branches: { kind: 'patterns', branches: ['main'], tags: [] },
};

describe('the approval environment', () => {
  it('is accepted as agreed', () => {
    expect(compareApprovalEnvironment(AGREED, APPROVAL)).toEqual([]);
  });

  it('is refused when it was made by a misspelt name, or never', () => {
    const made: EnvironmentProtection = { ...APPROVAL, adminsMayBypass: true, reviewers: { kind: 'none' } };
    expect(compareApprovalEnvironment(AGREED, made)).toEqual([
      'acme-prod-approval requires no reviewer',
      'acme-prod-approval lets administrators bypass its rules; agreed is that nobody may',
    ]);
    expect(compareApprovalEnvironment(AGREED, 'absent')).toEqual(['acme-prod-approval does not exist']);
  });

  it('is refused with every difference', () => {
    const weak: EnvironmentProtection = {
      ...APPROVAL,
      adminsMayBypass: true,
      reviewers: {
        kind: 'required',
        people: [{ id: 7, login: 'mallory' }],
        teams: ['everyone'],
        preventSelfReview: false,
      },
    };
    expect(compareApprovalEnvironment(AGREED, weak)).toEqual([
      'acme-prod-approval lets administrators bypass its rules; agreed is that nobody may',
      'acme-prod-approval lets people review their own runs',
      'acme-prod-approval has 0 of the 1 reviewers that the role customer needs',
      'acme-prod-approval has the reviewer mallory (7), whom the contract gives no role',
      'acme-prod-approval has the team everyone as reviewer; the contract names people',
    ]);
  });
});

describe('the deploying environment', () => {
  const agreed = { environment: 'acme-prod', branches: ['main'] };

  it('is accepted with the agreed branches, or fewer', () => {
    expect(compareDeployEnvironment(agreed, DEPLOY)).toEqual([]);
    const fewer: EnvironmentProtection = {
      ...DEPLOY,
      branches: { kind: 'patterns', branches: [], tags: [] },
    };
    expect(compareDeployEnvironment(agreed, fewer)).toEqual([]);
  });

  it.each<[string, EnvironmentProtection | 'absent', readonly string[]]>([
    ['absent', 'absent', ['acme-prod does not exist']],
    [
      'open to any branch',
      { ...DEPLOY, branches: { kind: 'any' } },
      ['acme-prod deploys from any branch; agreed is main'],
    ],
    [
      'open to whatever is protected',
      { ...DEPLOY, branches: { kind: 'protected-branches' } },
      ['acme-prod deploys from every protected branch; agreed is main'],
    ],
    [
      'open to more',
      { ...DEPLOY, branches: { kind: 'patterns', branches: ['main', 'release/*'], tags: ['v*'] } },
      [
        'acme-prod also deploys from release/*; agreed is main',
        'acme-prod also deploys from the tag v*; agreed is main',
      ],
    ],
  ])('is refused when it is %s', (_, found, differences) => {
    expect(compareDeployEnvironment(agreed, found)).toEqual(differences);
  });
});
