import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { TenantContract } from '../src/contract.ts';
import { lint, prod, service } from './changed-contracts.ts';
import { acme, globex } from './contracts.ts';

test('has nothing to say about the contracts of the template', () => {
  expect(lint(acme(), globex())).toEqual([]);
});

test.each<readonly [string, TenantContract, string]>([
  [
    'an expiry that has passed',
    { ...acme(), expires: '2026-11-01T00:00:00Z' },
    'expires: 2026-11-01T00:00:00Z has passed',
  ],
  [
    'an expiry on a day that no calendar has',
    { ...acme(), expires: '2027-11-31T00:00:00Z' },
    'expires: 2027-11-31T00:00:00Z is no day; the last one of that month is the 30th',
  ],
  [
    'a branch that is every branch',
    prod((now) => ({ protection: { ...now.protection, branches: ['*'] } })),
    'environments.prod.protection.branches: * is every branch; name those that may deliver',
  ],
  [
    'a name that no load balancer has',
    prod((now) => ({ loadBalancer: { ...now.loadBalancer, name: 'internal-acme-' } })),
    'environments.prod.loadBalancer.name: internal-acme- may not begin or end with a dash',
  ],
  [
    'a name with the prefix that AWS adds',
    prod((now) => ({ loadBalancer: { ...now.loadBalancer, name: 'internal-acme' } })),
    'environments.prod.loadBalancer.name: internal-acme may not begin with internal-, which AWS puts in front of it',
  ],
  [
    'a name that no target group has',
    prod(service({ targetGroup: '-orders' })),
    'environments.prod.services.orders.targetGroup: -orders may not begin or end with a dash',
  ],
  ['one zone', prod(() => ({ zones: ['euw1-az1'] })), 'environments.prod.zones: there must be at least two'],
  [
    'base over maximum',
    prod(service({ capacity: { base: 7, maximum: 6 } })),
    'environments.prod.services.orders.capacity: base 7 is more than maximum 6',
  ],
  [
    'a layer that is not there',
    prod(service({ layer: 'data' })),
    'environments.prod.services.orders.layer: there is no layer data',
  ],
  [
    'a runner that the workflows do not use',
    { ...acme(), runners: ['ubuntu-24.04', 'self-hosted'] },
    'runners: self-hosted; the workflows run on ubuntu-24.04, others are not supported yet',
  ],
  [
    'an environment of another name',
    prod((now) => ({ protection: { ...now.protection, environment: 'production' } })),
    'environments.prod.protection.environment: must be acme-prod, which the deploy role trusts',
  ],
  [
    'a region of another partition',
    prod(() => ({ region: 'us-gov-west-1' })),
    'environments.prod.region: us-gov-west-1 is in the partition aws-us-gov, the contract in aws',
  ],
  [
    'a floor that lets more of the worse pass',
    prod((now) => ({ scanFloor: { ...now.scanFloor, critical: 1 } })),
    'environments.prod.scanFloor.critical: allows more than high does, though it is worse',
  ],
  [
    'a floor that blocks the worse less',
    prod((now) => ({ scanFloor: { ...now.scanFloor, critical: { action: 'warn', graceDays: 3 } } })),
    'environments.prod.scanFloor.critical: blocks less than high does, though it is worse',
  ],
  [
    'terms under which nothing can be waived',
    prod((now) => ({
      scanFloor: { ...now.scanFloor, waivers: { maximumDays: {}, approvers: ['sre-lee'] } },
    })),
    'environments.prod.scanFloor.waivers.maximumDays: names no severity, so nothing can be waived; leave `waivers` out',
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toContain(`${contract.id}.yaml: ${problem}`);
});

test.each([
  [`base/buildkit@sha256:${'b'.repeat(64)}`, true],
  [`docker.io/moby/buildkit@sha256:${'b'.repeat(64)}`, true],
  [`registry.example:5000/buildkit@sha256:${'b'.repeat(64)}`, true],
  ['docker.io/moby/buildkit:v0.24.0', false],
  [`--privileged@sha256:${'b'.repeat(64)}`, false],
  [`base/buildkit,network=host@sha256:${'b'.repeat(64)}`, false],
])('what builds is named by its bytes: %s', (builder, taken) => {
  const { environments } = acme();
  const contract = { ...acme(), environments: { prod: { ...environments['prod'], build: { builder } } } };
  expect(v.safeParse(TenantContract, contract).success).toBe(taken);
});
