import { expect, test } from '@jest/globals';
import { draftContract } from '../src/draft/draft-contract.ts';
import type { Observed, ObservedService } from '../src/draft/observed.ts';

const WANTED = { tenant: 'acme', environment: 'prod', region: 'eu-west-1', cluster: 'legacy' };
const ORDERS: ObservedService = {
  name: 'orders',
  family: 'Orders_Legacy',
  repository: 'acme/orders',
  targetGroup: 'orders',
  logGroup: '/ecs/orders',
  containers: ['orders'],
  container: 'orders',
  subnets: ['subnet-a', 'subnet-b'],
  range: { minimum: 2, maximum: 4 },
};
const subnet = (id: string, zone: string) => ({ id, zone, layer: 'app' });
const SEEN: Observed = {
  account: '000011112222',
  partition: 'aws',
  vpc: { id: 'vpc-1', cidr: '10.0.0.0/16' },
  subnets: [subnet('subnet-a', 'euw1-az1'), subnet('subnet-b', 'euw1-az2')],
  securityGroups: [{ id: 'sg-a', layer: 'app' }],
  services: [ORDERS],
  balancer: { name: 'inner', scheme: 'internal', ports: [80] },
  retentionDays: 365,
  trusts: {},
  unseen: {},
};
const PEOPLE = Object.keys(draftContract(WANTED, SEEN).unseen);

/** What is marked because of this, and was not without it. */
function marked(change: Partial<Observed>): Readonly<Record<string, string>> {
  const { unseen } = draftContract(WANTED, { ...SEEN, ...change });
  return Object.fromEntries(Object.entries(unseen).filter(([place]) => !PEOPLE.includes(place)));
}

const TAGS = 'the tags tenant, environment and layer';

test.each<readonly [string, Partial<Observed>, Readonly<Record<string, string>>]>([
  [
    'subnets without tags',
    { subnets: [] },
    {
      'environments.prod.layers': `no subnet of vpc-1 has ${TAGS}; its services use subnet-a, subnet-b`,
      'environments.prod.zones': `no subnet of vpc-1 has ${TAGS}; its services use subnet-a, subnet-b`,
      'environments.prod.services.orders.layer': `none of its subnets subnet-a, subnet-b has ${TAGS}`,
    },
  ],
  [
    'one subnet without tags',
    { subnets: [subnet('subnet-a', 'euw1-az1')] },
    { 'environments.prod.layers.app.subnets': `orders is in subnet-b too, without ${TAGS}` },
  ],
  [
    'groups without tags',
    { securityGroups: [] },
    { 'environments.prod.layers.app.securityGroups': `no security group has ${TAGS} for it` },
  ],
  [
    'a task of which nobody says what is delivered',
    { services: [{ ...ORDERS, containers: ['envoy', 'app'], container: undefined }] },
    {
      'environments.prod.services.orders.container':
        'its task has envoy, app, and nothing says which of them deliveries bring',
    },
  ],
  [
    'a service that does not scale',
    { services: [{ ...ORDERS, range: undefined }] },
    { 'environments.prod.services.orders.capacity': 'Application Auto Scaling has none' },
  ],
])('a draft marks %s', (_, change, places) => {
  expect(marked(change)).toEqual(places);
});

test('a draft marks the names of both environments at GitHub, which no role has, and is a whole contract', () => {
  expect(PEOPLE).toEqual(
    expect.arrayContaining([
      'repositories',
      'releases',
      'environments.prod.approval.environment',
      'environments.prod.protection.environment',
      'environments.prod.protection.branches',
    ]),
  );
  expect(draftContract(WANTED, SEEN).contract.repositories).toHaveLength(1);
});

test('a draft names the container where the task has others beside it, and nowhere else', () => {
  const drafted = (service: ObservedService) =>
    draftContract(WANTED, { ...SEEN, services: [service] }).contract.environments['prod']?.services['orders'];
  expect(drafted({ ...ORDERS, containers: ['envoy', 'orders'] })?.container).toBe('orders');
  expect(drafted(ORDERS)).not.toHaveProperty('container');
});
