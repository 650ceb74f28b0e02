import { type Json, MINUTE } from '@tenant-delivery/domain';
import type { ServiceDeployment } from '../observed.ts';
import { isObject } from '../task-definition/task-definition.ts';
import { numberIn, objectIn } from './configuration.ts';
import { rolling } from './rolling.ts';
import { strategyNamed } from './strategies.ts';

const NETWORK_BALANCER_SHIFT = 10; // minutes that a shift of traffic at a network load balancer takes (deploying-to-ecs §3.4)
const ALARM_BAKE = 5; // minutes for which ECS watches alarms at most when nobody says how long (deploying-to-ecs §3.4)

/** Time that a deployment spends waiting because it was configured to, and what for. */
export interface KnownWaiting {
  readonly milliseconds: number;
  /** A phrase for each part, with its minutes. */
  readonly parts: readonly string[];
}

/**
 * The waiting that a service's deployment configuration asks for, which no time limit may count against a rollout.
 * `service` is the service as ECS describes it. Defaults are the API's own ("DeploymentConfiguration", Amazon ECS API
 * Reference). Pauses are not in it: a run does not wait for people.
 */
export function knownWaiting(service: { readonly [member: string]: Json }): KnownWaiting {
  const configuration = objectIn(service, 'deploymentConfiguration');
  const strategy = strategyNamed(String(configuration['strategy'] ?? rolling.name));
  const parts: (readonly [string, number])[] = [...strategy.waits(configuration)];
  const shifts = strategy.shifts(configuration);
  if (shifts > 0 && hasNetworkBalancer(service)) {
    parts.push([`${shifts} shifts at a network load balancer`, shifts * NETWORK_BALANCER_SHIFT]);
  }
  const bake = numberIn(configuration, 'bakeTimeInMinutes');
  const alarms = objectIn(configuration, 'alarms')['enable'] === true;
  if (bake !== undefined) parts.push(['the bake', bake]);
  else if (alarms) parts.push(['watching alarms', ALARM_BAKE]);
  const counted = parts.filter(([, minutes]) => minutes > 0);
  return {
    milliseconds: counted.reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE,
    parts: counted.map(([what, minutes]) => `${what}: ${minutes} min`),
  };
}

/** Per cent of the tasks that must be healthy before ECS may call a deployment SUCCESSFUL: fewer than all by early success. */
export function healthyPercentAtTheEnd(service: { readonly [member: string]: Json }): number {
  const early = objectIn(objectIn(service, 'deploymentConfiguration'), 'earlySuccessCriteria');
  return early['enable'] === true ? (numberIn(early, 'healthyPercent') ?? 0) : 100;
}

/**
 * Milliseconds for which a deployment rests where it is, by its own configuration: neither an end nor a pause can come
 * before they are over, only a way back. 0 where it may go on at any moment.
 */
export function configuredRest({
  strategy,
  configuration = {},
  ...at
}: Pick<ServiceDeployment, 'strategy' | 'configuration' | 'stage' | 'productionWeight'>): number {
  return strategyNamed(strategy).restAt(at, configuration) * MINUTE;
}

/** A listener of a network load balancer has `net` in its ARN; shifting strategies name the listener or its rule. */
function hasNetworkBalancer(service: { readonly [member: string]: Json }): boolean {
  const balancers = service['loadBalancers'];
  return (Array.isArray(balancers) ? balancers : []).some((balancer) => {
    const rule = isObject(balancer)
      ? objectIn(balancer, 'advancedConfiguration')['productionListenerRule']
      : '';
    return typeof rule === 'string' && /:listener(-rule)?\/net\//.test(rule);
  });
}
