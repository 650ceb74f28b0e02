import { expect, test } from '@jest/globals';
import type { EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintAdoption } from '../src/lint-adoption.ts';
import { acme } from './contracts.ts';

function adopted(change: (environment: EnvironmentContract) => Partial<EnvironmentContract>): TenantContract {
  const contract = acme();
  const prod = contract.environments['prod'];
  if (!prod) throw new Error('acme has prod');
  return { ...contract, environments: { prod: { ...prod, adopt: true, ...change(prod) } } };
}

const orders = ({ services }: EnvironmentContract) => {
  const [found] = Object.values(services);
  if (!found) throw new Error('acme has a service');
  return found;
};

test('has nothing to say about what is there, or is not adopted', () => {
  expect(lintAdoption(adopted(() => ({})))).toEqual([]);
  expect(lintAdoption(acme())).toEqual([]);
});

test('does not let the same thing be adopted and made', () => {
  const made = adopted((prod) => ({
    network: {
      layers: {},
      nat: { per: 'zone', cidrs: ['10.20.0.0/28'] },
      endpoints: { layer: 'app', services: [] },
      balancer: { layer: 'app' },
      flowLogDays: 365,
    },
    services: {
      orders: {
        ...orders(prod),
        provision: {
          port: 8080,
          healthPath: '/',
          route: { priority: 1, paths: ['/*'] },
          size: { cpu: 256, memory: 512 },
          scaleOn: { cpu: 60 },
        },
      },
    },
  }));
  expect(lintAdoption(made)).toEqual([
    'environments.prod.adopt: `network` asks for a network to be made; leave out one of the two',
    'environments.prod.adopt: services.orders.provision asks for the service to be made; leave it out, what is there is adopted',
  ]);
});

test('names every place that would put one thing into two stacks, across environments', () => {
  const contract = adopted((prod) => ({
    layers: {
      ...prod.layers,
      data: { subnets: [...(prod.layers['app']?.subnets ?? [])], securityGroups: ['sg-0data'] },
    },
    services: { orders: orders(prod), billing: { ...orders(prod), logGroup: '/td/acme/prod/billing' } },
  }));
  const { prod } = contract.environments;
  if (!prod) throw new Error('acme has prod');
  const twice = { ...contract, environments: { prod, staging: { ...prod, layers: {}, services: {} } } };
  const [one = '', two = ''] = prod.layers['app']?.subnets ?? [];
  expect(lintAdoption(twice)).toEqual([
    `environments.prod.layers.data.subnets: ${one} is adopted as environments.prod.layers.app.subnets already`,
    `environments.prod.layers.data.subnets: ${two} is adopted as environments.prod.layers.app.subnets already`,
    `environments.prod.services.billing.targetGroup: ${orders(prod).targetGroup} is adopted as environments.prod.services.orders.targetGroup already`,
    `environments.staging.vpc.id: ${prod.vpc.id} is adopted as environments.prod.vpc.id already`,
    `environments.staging.cluster: ${prod.cluster} is adopted as environments.prod.cluster already`,
    `environments.staging.loadBalancer.name: ${prod.loadBalancer.name} is adopted as environments.prod.loadBalancer.name already`,
  ]);
  // the same name in another region is another thing
  const apart = { ...twice.environments.staging, region: 'eu-central-1' };
  expect(
    lintAdoption({
      ...contract,
      environments: { prod: { ...prod, layers: {}, services: {} }, staging: apart },
    }),
  ).toEqual([]);
});
