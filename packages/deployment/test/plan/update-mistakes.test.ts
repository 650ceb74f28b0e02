import { expect, test } from '@jest/globals';
import {
  updateAgainstScaling,
  updateMistakes,
  updateOutsideContract,
} from '../../src/plan/update-mistakes.ts';

const told = (mistakes: readonly { path: string; problem: string }[]) =>
  mistakes.map(({ path, problem }) => `${path}: ${problem}`);

test('tells every mistake of an update, at any depth, with what to do', () => {
  const asked = {
    cluster: 'other',
    desiredCount: '2',
    deploymentConfiguration: { maximumPercnt: 150, lifecycleHooks: [{ hookDetails: { any: ['thing'] } }] },
    loadBalancers: null,
    newMember: {},
  };
  expect(told(updateMistakes(asked, []))).toEqual([
    'cluster: is the place of the deploy; a deploy stays in it',
    'loadBalancers: is null; leave it out to keep it, or write an empty list to clear it',
    'desiredCount: is a number in quotes; take the quotes away',
    'deploymentConfiguration.maximumPercnt: is not a known key; did you mean maximumPercent?',
    expect.stringContaining('newMember: is not a known key'),
  ]);
  expect(updateMistakes({ newMember: {} }, ['newMember'])).toEqual([]);
});

test('leaves to a delivery what the contract does, and names the rest', () => {
  const allowed = {
    deploymentConfiguration: { maximumPercent: 150, deploymentCircuitBreaker: { enable: true } },
    healthCheckGracePeriodSeconds: 30,
    enableExecuteCommand: false,
  };
  expect(updateOutsideContract(allowed)).toEqual([]);
  expect(
    told(updateOutsideContract({ desiredCount: 1, networkConfiguration: {}, enableExecuteCommand: true })),
  ).toEqual([
    expect.stringMatching(/^desiredCount: is the provider's to set/),
    expect.stringMatching(/^networkConfiguration: is the provider's to set/),
    expect.stringMatching(/^enableExecuteCommand: is true/),
  ]);
});

test('leaves the way of a deployment to the provider: no guard on it is taken out, gone past or brought by a delivery', () => {
  const configuration = {
    strategy: 'ROLLING',
    lifecycleHooks: null,
    alarms: { enable: false },
    deploymentCircuitBreaker: { newMember: true },
  };
  expect(told(updateOutsideContract({ deploymentConfiguration: configuration }))).toEqual([
    expect.stringMatching(/^deploymentConfiguration.strategy: is the provider's to set/),
    expect.stringMatching(/^deploymentConfiguration.lifecycleHooks: is the provider's to set/),
    expect.stringMatching(/^deploymentConfiguration.alarms: is the provider's to set/),
    'deploymentConfiguration.deploymentCircuitBreaker.newMember: is not known to this release, so nobody agreed',
  ]);
});

test('no count is set under auto scaling', () => {
  expect(updateAgainstScaling({ desiredCount: 3 }, false)).toEqual([]);
  expect(told(updateAgainstScaling({ desiredCount: 0 }, true))).toEqual([
    expect.stringContaining('auto scaling'),
  ]);
});
