import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { JsonObject } from '../json.ts';
import type { Service } from '../observed.ts';
import { numberOf, objectIn, objectsIn, textsIn } from '../task-definition/refused/reading.ts';
import { deploymentConfigurationAfter, serviceChanges } from './service-update.ts';

const MOST_TASKS = 5_000;
const LONGEST_GRACE = 2_147_483_647;
const MOST = { subnets: 16, securityGroups: 5, loadBalancers: 5, providers: 20 } as const;

/** What UpdateService refuses of what is asked, as it is once it is merged with what the service has. */
export function updateRefusedByEcs(
  asked: JsonObject,
  service: Pick<Service, 'document'>,
): readonly Mistake[] {
  return [
    ...(objectIn(asked['deploymentConfiguration']) ? percentMistakes(asked, service) : []),
    ...outside('desiredCount', asked['desiredCount'], 0, MOST_TASKS),
    ...outside('healthCheckGracePeriodSeconds', asked['healthCheckGracePeriodSeconds'], 0, LONGEST_GRACE),
    ...networkMistakes(asked),
    ...balancerMistakes(asked),
    ...providerMistakes(asked),
    ...rebalancingMistakes(asked, service),
  ];
}

/** "Balancing an Amazon ECS service across Availability Zones", Amazon ECS Developer Guide. */
function rebalancingMistakes(asked: JsonObject, service: Pick<Service, 'document'>): readonly Mistake[] {
  const path = 'availabilityZoneRebalancing';
  if (asked[path] !== 'ENABLED') return [];
  const most = numberOf(
    deploymentConfigurationAfter(serviceChanges(asked, service), service)['maximumPercent'],
  );
  const [first] = objectsIn(asked['placementStrategy']);
  return [
    ...(most !== undefined && most <= 100
      ? [
          {
            path,
            problem: `is ENABLED with a maximumPercent of ${most}; raise it above 100, so that a task can start elsewhere`,
          },
        ]
      : []),
    ...(first && first['field'] !== 'attribute:ecs.availability-zone'
      ? [
          {
            path,
            problem:
              'is ENABLED; let the first placementStrategy spread over attribute:ecs.availability-zone',
          },
        ]
      : []),
    ...(objectsIn(asked['loadBalancers']).some(({ loadBalancerName }) => typeof loadBalancerName === 'string')
      ? [{ path, problem: 'is ENABLED beside a Classic Load Balancer, which cannot be rebalanced' }]
      : []),
  ];
}

function percentMistakes(asked: JsonObject, service: Pick<Service, 'document'>): readonly Mistake[] {
  const after = deploymentConfigurationAfter(serviceChanges(asked, service), service);
  const least = numberOf(after['minimumHealthyPercent']) ?? 100;
  const most = numberOf(after['maximumPercent']) ?? 200;
  const path = 'deploymentConfiguration';
  return [
    ...outside(`${path}.minimumHealthyPercent`, least, 0, 100),
    ...(most < 100
      ? [{ path: `${path}.maximumPercent`, problem: `is ${most}; it must be at least 100` }]
      : []),
    ...(least === 100 && most === 100
      ? [
          {
            path,
            problem:
              'has minimumHealthyPercent 100 and maximumPercent 100, so that no task could be replaced; raise one or lower the other',
          },
        ]
      : []),
  ];
}

function networkMistakes(asked: JsonObject): readonly Mistake[] {
  const network = objectIn(objectIn(asked['networkConfiguration'])?.['awsvpcConfiguration']);
  if (!network) return [];
  const path = 'networkConfiguration.awsvpcConfiguration';
  return [
    ...(textsIn(network['subnets']).length === 0
      ? [{ path: `${path}.subnets`, problem: 'is empty; a task needs one' }]
      : []),
    ...tooMany(`${path}.subnets`, network['subnets'], MOST.subnets),
    ...tooMany(`${path}.securityGroups`, network['securityGroups'], MOST.securityGroups),
  ];
}

function balancerMistakes(asked: JsonObject): readonly Mistake[] {
  const both = objectsIn(asked['loadBalancers']).some(
    ({ targetGroupArn, loadBalancerName }) =>
      (targetGroupArn ?? null) !== null && (loadBalancerName ?? null) !== null,
  );
  const path = 'loadBalancers';
  return [
    ...tooMany(path, asked[path], MOST.loadBalancers),
    ...(both
      ? [
          {
            path,
            problem: 'have a targetGroupArn and a loadBalancerName in one entry; keep the target group',
          },
        ]
      : []),
  ];
}

function providerMistakes(asked: JsonObject): readonly Mistake[] {
  const path = 'capacityProviderStrategy';
  const providers = objectsIn(asked[path]);
  const bases = providers.filter(({ base }) => (numberOf(base) ?? 0) > 0).length;
  const idle = providers.length > 1 && providers.every(({ weight }) => (numberOf(weight) ?? 0) === 0);
  return [
    ...tooMany(path, asked[path], MOST.providers),
    ...(bases > 1 ? [{ path, problem: 'has more than one base; keep one' }] : []),
    ...(idle ? [{ path, problem: 'has no weight above 0, so that no task could be placed' }] : []),
  ];
}

function outside(path: string, value: unknown, least: number, most: number): readonly Mistake[] {
  return typeof value === 'number' && (value < least || value > most)
    ? [{ path, problem: `is ${value}; it must be between ${least} and ${most}` }]
    : [];
}

function tooMany(path: string, list: unknown, most: number): readonly Mistake[] {
  return Array.isArray(list) && list.length > most
    ? [{ path, problem: `has ${list.length} entries; ECS takes ${most}` }]
    : [];
}
