import { expect, test } from '@jest/globals';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { policyOf } from '../src/effective-policy.ts';
import { policyAlone, ScanPolicyFile, wishOf } from '../src/policy-file.ts';
import { judgeImage } from '../src/verdict.ts';
import { ALLOWANCE, aChild, aFinding, aWaiver, PLACE, TERMS } from './policies.ts';

const MILD = { medium: 'unlimited', low: 'unlimited', informational: 'unlimited' } as const;
const alone = (said: object) => policyAlone({ schemaVersion: 1, ...said });
const mistakesIn = (said: object) => alone(said).mistakes.map(describeMistake);

test('a policy file without a contract is the whole policy, and what it does not say is the strictest', () => {
  const { policy, mistakes } = alone({ ...MILD, high: { fixableOnly: true } });
  expect(mistakes).toEqual([]);
  expect(policy.limits).toMatchObject({
    critical: { value: 0, from: 'default' },
    medium: { value: 'unlimited', from: 'policy' },
    unknown: { value: 0, from: 'default' },
  });
  expect(policy.rules).toEqual({ rules: { high: { fixableOnly: { value: true, from: 'policy' } } } });
  const decide = (severity: 'critical' | 'high' | 'unknown') =>
    judgeImage([aChild([aFinding({ severity })])], policyOf(policy), PLACE).decision;
  expect([decide('critical'), decide('high'), decide('unknown')]).toEqual(['deny', 'allow', 'deny']);
});

test('waivers and allowances hold inside the terms of the same file, and nowhere without', () => {
  const unscannable = {
    reason: 'Static binaries.',
    repositories: ['*'],
    maximumDays: 30,
    approvers: ['sre-lee'],
  };
  const said = { ...MILD, waivers: [aWaiver()], unscannable: ALLOWANCE };
  const whole = alone({ ...said, terms: { waivers: TERMS, unscannable } });
  expect(whole.mistakes).toEqual([]);
  expect(judgeImage([aChild([aFinding()])], policyOf(whole.policy), PLACE).decision).toBe('allow');
  expect(mistakesIn(said)).toEqual([
    'unscannable: is there, but `terms` allows no image that nothing can inspect',
    'waivers: is there, but `terms` allows no waivers',
  ]);
});

test('a policy that contradicts itself, or asks for what only a contract gives, is refused by name', () => {
  expect(mistakesIn({ ...MILD, critical: 5, high: 2, baseline: 'deployed' })).toEqual([
    'critical: allows more than high does, though it is worse',
    'baseline: is deployed; without a contract there is no record of what runs, so leave it out',
  ]);
  expect(mistakesIn({ medium: 10 })).toEqual([
    'medium: allows more than low does, though it is worse; low is not said, so it allows none',
  ]);
  const read = parseDocument(ScanPolicyFile, { schemaVersion: 1, hihg: 0 });
  expect('mistakes' in read ? read.mistakes.map(describeMistake) : []).toEqual([
    'hihg: is not a known key; did you mean high?',
  ]);
});

test('under a contract the file is a wish, and cannot bring terms of its own', () => {
  const { wish, mistakes } = wishOf({ schemaVersion: 1, high: 0, terms: { waivers: TERMS } });
  expect(wish).toEqual({ high: 0 });
  expect(mistakes.map(describeMistake)).toEqual([
    "terms: is there; under a contract its floor says that, and a service's policy cannot",
  ]);
});
