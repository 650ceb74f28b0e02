import type { Json } from '@tenant-delivery/domain';
import type { ServiceDeployment } from '../observed.ts';
import { isObject } from '../task-definition/task-definition.ts';

const MINUTE = 60_000; // milliseconds
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
  const strategy = configuration['strategy'] ?? 'ROLLING';
  const bake = numberIn(configuration, 'bakeTimeInMinutes');
  const parts: (readonly [string, number])[] = [];
  const steps = Math.ceil(
    100 / (numberIn(objectIn(configuration, 'linearConfiguration'), 'stepPercent') ?? 10),
  );
  if (strategy === 'LINEAR') {
    const each = numberIn(objectIn(configuration, 'linearConfiguration'), 'stepBakeTimeInMinutes') ?? 6;
    parts.push([`${steps - 1} linear steps of ${each} min`, (steps - 1) * each]);
  }
  if (strategy === 'CANARY') {
    const canary = numberIn(objectIn(configuration, 'canaryConfiguration'), 'canaryBakeTimeInMinutes') ?? 10;
    parts.push(['the canary', canary]);
  }
  if (strategy !== 'ROLLING' && hasNetworkBalancer(service)) {
    const shifts = strategy === 'LINEAR' ? steps : strategy === 'CANARY' ? 2 : 1;
    parts.push([`${shifts} shifts at a network load balancer`, shifts * NETWORK_BALANCER_SHIFT]);
  }
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
export function configuredRest({ strategy, stage, productionWeight, rests }: ServiceDeployment): number {
  if (strategy === 'ROLLING') return 0;
  if (stage === 'BAKE_TIME') return (rests?.bake ?? 0) * MINUTE;
  const shifting = productionWeight !== undefined && productionWeight > 0 && productionWeight < 100;
  if (stage !== 'PRODUCTION_TRAFFIC_SHIFT' || !shifting) return 0;
  return ({ CANARY: rests?.canary, LINEAR: rests?.step }[strategy] ?? 0) * MINUTE;
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

function objectIn(from: { readonly [member: string]: Json }, member: string) {
  const value = from[member];
  return isObject(value) ? value : {};
}

function numberIn(from: { readonly [member: string]: Json }, member: string): number | undefined {
  const value = from[member];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
