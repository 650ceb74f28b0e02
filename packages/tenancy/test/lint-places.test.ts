import { expect, test } from '@jest/globals';
import type { TenantContract } from '../src/contract.ts';
import { lint, prod, renamed, service } from './changed-contracts.ts';
import { acme } from './contracts.ts';

test.each<readonly [string, TenantContract, string]>([
  [
    'a family of another place',
    prod(service({ family: 'orders' })),
    'environments.prod.services.orders.family: orders must begin with acme-prod-, by which roles know it',
  ],
  [
    'a family that begins as its tenant and no more',
    prod(service({ family: 'acme-production-orders' })),
    'environments.prod.services.orders.family: acme-production-orders must begin with acme-prod-, by which roles know it',
  ],
  [
    'a family that is called as those of probes',
    prod(service({ family: 'acme-prod-orders-probe' })),
    'environments.prod.services.orders.family: acme-prod-orders-probe ends with -probe, as families of probes alone do',
  ],
  [
    'a family of whose name no role can be made',
    prod(service({ family: `acme-prod-${'x'.repeat(45)}` })),
    `environments.prod.services.orders.family: acme-prod-${'x'.repeat(45)} makes a role acme-prod-${'x'.repeat(45)}-execution, whose name is longer than the 64 characters that IAM allows`,
  ],
  [
    'a repository of another place',
    prod(service({ repository: 'acme-orders' })),
    'environments.prod.services.orders.repository: acme-orders must lie below acme/, by which roles know it',
  ],
  [
    'a log group of another place',
    prod(service({ logGroup: '/td/acme/production/orders' })),
    'environments.prod.services.orders.logGroup: /td/acme/production/orders must lie below /td/acme/prod/, by which roles know it',
  ],
  [
    'an environment that begins as another one',
    renamed('staging', 'prod-eu'),
    'environments.prod: prod-eu begins with prod-, and so do roles, families and sessions of both; name one of them otherwise',
  ],
  [
    'a cluster of two environments',
    ((contract) => {
      for (const environment of Object.values(contract.environments))
        Object.assign(environment, { cluster: 'acme' });
      return contract;
    })(acme()),
    'environments.staging.cluster: acme is the cluster of prod too; roles know services by their cluster, so each environment needs its own',
  ],
  [
    'a load balancer of two environments',
    ((contract) => {
      const { prod: first, staging: second } = contract.environments;
      if (!first || !second) throw new Error('acme has both');
      second.loadBalancer.name = first.loadBalancer.name;
      return contract;
    })(acme()),
    'environments.staging.loadBalancer.name: acme-prod-internal is the load balancer of prod too; an account has each name once in a region',
  ],
  [
    'names that S3 refuses for a vault',
    renamed('staging', 's'.repeat(21), 't'.repeat(21)),
    `environments.${'s'.repeat(21)}: the vault would be td-vault-${'t'.repeat(21)}-${'s'.repeat(21)}-000011112222, 65 characters of the 63 that S3 allows; shorten the name of the tenant or of the environment`,
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toContain(`${contract.id}.yaml: ${problem}`);
});

test('takes environments whose names are alike and begin no other', () => {
  const said = lint(renamed('staging', 'prod2')).filter((problem) => problem.includes('begins with'));
  expect(said).toEqual([]);
});

test('takes a target group of one name in two regions, and names it in one', () => {
  const { prod: first, staging: second } = acme().environments;
  if (!first || !second) throw new Error('acme has both');
  const shared = second.services['orders'];
  if (!shared) throw new Error('staging has orders');
  shared.targetGroup = 'acme-prod-orders';
  const said = (region: string) =>
    lint({ ...acme(), environments: { prod: first, staging: { ...second, region } } }).filter((problem) =>
      problem.includes('target group'),
    );
  expect(said('eu-west-1')).toEqual([
    'acme.yaml: environments.staging.services.orders.targetGroup: acme-prod-orders is the target group of prod too; an account has each name once in a region',
  ]);
  expect(said('eu-central-1')).toEqual([]);
});
