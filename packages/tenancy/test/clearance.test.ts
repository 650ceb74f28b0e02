import { describe, expect, test } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { judgeAdmission } from '../src/admission.ts';
import { type Clearance, clear, type ObservedFacts, requireClearance } from '../src/clearance.ts';
import { acme } from './contracts.ts';

const NOW = Date.UTC(2026, 10, 24, 9);

const judged = judgeAdmission(
  { contract: acme(), digest: digestOf('the contract') },
  { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1', service: 'orders' },
  {
    account: '000011112222',
    partition: 'aws',
    repository: 'acme/orders',
    repositoryId: '456789',
    repositoryOwnerId: '123456',
  },
  NOW,
  undefined,
);
if (!('admission' in judged)) throw new Error('acme may deliver its orders');
const { admission } = judged;

const CLUSTER = 'arn:aws:ecs:eu-west-1:000011112222:cluster/acme-prod';
const SERVICE = 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders';

const seen: ObservedFacts<'service'> = {
  identity: {
    account: '000011112222',
    partition: 'aws',
    arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-deploy/td-acme-prod-9001-1',
  },
  region: 'eu-west-1',
  cluster: { arn: CLUSTER, status: 'ACTIVE' },
  service: { arn: SERVICE, clusterArn: CLUSTER, status: 'ACTIVE' },
};

test('clears the service that the contract names, as the deploy role', () => {
  const clearance = clear('service', admission, seen, NOW);
  expect(clearance.names.serviceArn).toBe(SERVICE);
  expect(() => requireClearance(clearance, NOW + 60_000)).not.toThrow();
});

describe('refuses', () => {
  test.each<readonly [string, Partial<ObservedFacts<'service'>>, string]>([
    [
      'credentials of another account',
      { identity: { ...seen.identity, account: '000033334444' } },
      'the account of the credentials is 000033334444',
    ],
    [
      'another role',
      {
        identity: {
          ...seen.identity,
          arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-build/td-acme-prod-9001-1',
        },
      },
      'td-prod-build',
    ],
    [
      'a session of another tenant',
      {
        identity: {
          ...seen.identity,
          arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-deploy/td-globex-prod-9001-1',
        },
      },
      'td-globex-prod',
    ],
    ['another region', { region: 'eu-central-1' }, 'the region of the client is eu-central-1'],
    ['another cluster', { cluster: { arn: `${CLUSTER}-2`, status: 'ACTIVE' } }, 'the cluster is'],
    [
      'a cluster that is being deleted',
      { cluster: { arn: CLUSTER, status: 'DEPROVISIONING' } },
      'DEPROVISIONING',
    ],
    ['another service', { service: { ...seen.service, arn: `${SERVICE}-2` } }, 'the service is'],
    ['a service that is drained', { service: { ...seen.service, status: 'DRAINING' } }, 'DRAINING'],
  ])('%s', (_, difference, why) => {
    expect(() => clear('service', admission, { ...seen, ...difference }, NOW)).toThrow(
      expect.objectContaining({ code: 'CLEARANCE_REFUSED', message: expect.stringContaining(why) }),
    );
  });

  test('a repository of another registry, to the build role', () => {
    const facts = {
      identity: { ...seen.identity, arn: seen.identity.arn.replace('td-prod-deploy', 'td-prod-build') },
      region: 'eu-west-1',
      repository: { arn: admission.names.repositoryArn, registryId: '000033334444' },
    };
    expect(() => clear('repository', admission, facts, NOW)).toThrow('its registry is 000033334444');
  });

  test('a clearance that grew old before the client was made', () => {
    const clearance = clear('service', admission, seen, NOW);
    expect(() => requireClearance(clearance, NOW + 11 * 60_000)).toThrow('too long ago');
  });
});

describe('cannot be made by anybody else', () => {
  const ecs = (_: Clearance<'service'>) => {};

  test('not by writing down its members: that does not compile', () => {
    const { kind, target, names, contractDigest, caller, until } = clear('service', admission, seen, NOW);
    // @ts-expect-error a clearance comes from clear() alone
    ecs({ kind, target, names, contractDigest, caller, until });
  });

  test('not for another kind of resource: that does not compile', () => {
    const pushing = (): Clearance<'repository'> => {
      throw new Error('never called');
    };
    // @ts-expect-error a clearance to push images is none to change a service
    expect(() => ecs(pushing())).toThrow('never called');
  });

  test('not by a copy at run time', () => {
    const copy = { ...clear('service', admission, seen, NOW), until: Number.POSITIVE_INFINITY };
    expect(() => requireClearance(copy, NOW)).toThrow('not given by clear()');
  });
});
