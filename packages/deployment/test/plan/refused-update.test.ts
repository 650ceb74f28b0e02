import { expect, test } from '@jest/globals';
import { updateRefusedByEcs } from '../../src/plan/refused-update.ts';

const service = {
  document: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 } },
};
const said = (asked: Parameters<typeof updateRefusedByEcs>[0], of: typeof service = service) =>
  updateRefusedByEcs(asked, of).map(({ path, problem }) => `${path}: ${problem}`);
const ids = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);
const network = (subnets: number, securityGroups: number) => ({
  networkConfiguration: {
    awsvpcConfiguration: { subnets: ids(subnets), securityGroups: ids(securityGroups) },
  },
});

test.each([
  [
    { deploymentConfiguration: { maximumPercent: 100 } },
    'deploymentConfiguration: has minimumHealthyPercent 100 and maximumPercent 100',
  ],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 101 } },
    'minimumHealthyPercent: is 101; it must be between 0 and 100',
  ],
  [
    { deploymentConfiguration: { maximumPercent: 99, minimumHealthyPercent: 50 } },
    'maximumPercent: is 99; it must be at least 100',
  ],
  [
    {
      availabilityZoneRebalancing: 'ENABLED',
      deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
    },
    'availabilityZoneRebalancing: is ENABLED with a maximumPercent of 100; raise it above 100',
  ],
  [
    { availabilityZoneRebalancing: 'ENABLED', placementStrategy: [{ type: 'binpack', field: 'cpu' }] },
    'availabilityZoneRebalancing: is ENABLED; let the first placementStrategy spread',
  ],
  [
    { availabilityZoneRebalancing: 'ENABLED', loadBalancers: [{ loadBalancerName: 'orders' }] },
    'availabilityZoneRebalancing: is ENABLED beside a Classic Load Balancer',
  ],
  [{ desiredCount: 5_001 }, 'desiredCount: is 5001; it must be between 0 and 5000'],
  [{ healthCheckGracePeriodSeconds: -1 }, 'healthCheckGracePeriodSeconds: is -1'],
  [network(0, 1), 'subnets: is empty; a task needs one'],
  [network(17, 1), 'subnets: has 17 entries; ECS takes 16'],
  [network(1, 6), 'securityGroups: has 6 entries; ECS takes 5'],
  [
    { loadBalancers: ids(6).map((targetGroupArn) => ({ targetGroupArn })) },
    'loadBalancers: has 6 entries; ECS takes 5',
  ],
  [
    { loadBalancers: [{ targetGroupArn: 'a', loadBalancerName: 'b' }] },
    'loadBalancers: have a targetGroupArn and',
  ],
  [
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT' }] },
    'capacityProviderStrategy: has no weight above 0',
  ],
  [
    {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', base: 1 },
      ],
    },
    'capacityProviderStrategy: has more than one base',
  ],
])('%j is refused', (asked, expected) => {
  expect(said(asked)).toEqual([expect.stringContaining(expected)]);
});

test('what the service has counts with what is asked, and what is not asked is no mistake', () => {
  const half = { document: { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 } } };
  const none = { document: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } } };
  expect(said({ deploymentConfiguration: { maximumPercent: 100 } }, half)).toEqual([]);
  expect(said({ desiredCount: 3 }, none)).toEqual([]);
  expect(said({ ...network(16, 5), desiredCount: 5_000 })).toEqual([]);
});
