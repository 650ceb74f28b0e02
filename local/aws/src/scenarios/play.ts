import { balancerStore, forwardsTo } from '../balancer/store.ts';
import { shiftZone } from '../balancer/zonal-shift.ts';
import { setAlarm } from '../cloudwatch/alarms.ts';
import { OPEN } from '../ecs/draft.ts';
import { engineOf, type ServiceKey } from '../ecs/engine.ts';
import { setShortage } from '../ecs/room.ts';
import { seedStrategy } from '../ecs/seed-strategy.ts';
import type { ServiceState } from '../ecs/state.ts';
import { ecsStore, findTaskDefinition } from '../ecs/store.ts';
import { simulatedOf } from '../runtimes/of-world.ts';
import type { TaskScript } from '../runtimes/simulated.ts';
import { scalingActivitiesOf } from '../services/application-autoscaling.ts';
import type { World } from '../world/world.ts';
import type { Around, Given, Scenario } from './scenario.ts';

export interface PlayedOn {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
}

const waiting = new WeakMap<World, Map<string, () => void>>();

/**
 * Lets a scenario happen to the next release of a service, and to those after it until another is played. Tasks of
 * what runs now, also those that a rollback starts again, stay healthy. How the service was provisioned stays too.
 */
export function play(world: World, on: PlayedOn, scenario: Scenario): void {
  if (world.runtime !== 'simulated')
    throw new Error(`scenarios are played by the runtime 'simulated', and this world has '${world.runtime}'`);
  const key = keyOf(on);
  const service = serviceAt(world, key);
  const before = service.deployments[0]?.id;
  forgetEarlier(world, key, service);
  if (scenario.given) provision(world, on, service, scenario.given);
  let started = 0;
  simulatedOf(world).script(on.service, ({ order }) => {
    if (order.startedBy === before) return {};
    return fateOf(scenario, started++);
  });
  const stopWaiting = engineOf(world).watch(key, (now) => {
    if (now.deployments[0]?.id === before) return;
    stopWaiting();
    for (const event of scenario.around ?? []) letHappen(world, key, event);
  });
  waitingIn(world).set(key.name, stopWaiting);
}

function keyOf({ account, region, cluster, service }: PlayedOn): ServiceKey {
  return { account, region, name: `${cluster}/${service}` };
}

/** What an earlier scenario has left around the service, or still waits for. */
function forgetEarlier(world: World, key: ServiceKey, service: ServiceState): void {
  const { account, region } = key;
  waitingIn(world).get(key.name)?.();
  setShortage(world, account, region, undefined);
  for (const { zone } of service.settings.subnets) shiftZone(world, account, region, zone, 'back');
}

function waitingIn(world: World): Map<string, () => void> {
  const known = waiting.get(world) ?? new Map<string, () => void>();
  waiting.set(world, known);
  return known;
}

function fateOf({ tasks }: Scenario, nth: number): TaskScript {
  return tasks[Math.min(nth, tasks.length - 1)] ?? tasks[0];
}

/** As if the service had always been so: no deployment follows from it. */
function provision(world: World, on: PlayedOn, service: ServiceState, given: Given): void {
  const { settings } = service;
  const key = keyOf(on);
  const { breaker } = settings;
  if (given.strategy) {
    const { cluster, service: name } = on;
    const deploymentConfiguration = given.strategy;
    seedStrategy(world, on.account, on.region, { cluster, service: name, deploymentConfiguration });
    settings.breaker = breaker;
  }
  settings.gracePeriodSeconds = given.gracePeriodSeconds ?? settings.gracePeriodSeconds;
  if (given.breaker) settings.breaker = { ...breaker, enable: given.breaker !== 'off', rollback: false };
  if (given.breakerCount !== undefined)
    settings.breaker = { ...settings.breaker, threshold: { type: 'COUNT', value: given.breakerCount } };
  if (given.alarms) {
    settings.rollout = {
      ...settings.rollout,
      alarms: { enable: true, names: [...given.alarms], rollback: true },
    };
  }
  const [balancer] = settings.loadBalancers;
  if (given.containerHealthCheck) {
    const record = findTaskDefinition(ecsStore(world, key.account, key.region), settings.taskDefinition);
    for (const container of record?.content.containerDefinitions ?? [])
      if (container.name === balancer?.containerName) container.healthCheck = given.containerHealthCheck;
  }
  const arn = balancer?.targetGroupArn ?? '';
  const group = balancerStore(world, key.account, key.region).targetGroups[arn];
  if (group && given.slowStartSeconds !== undefined) group.slowStartSeconds = given.slowStartSeconds;
  if (given.targetGroup === 'on no listener') takeOffListeners(world, key, arn);
  world.touched();
  // last: these make another state of the service
  if (given.size) {
    const sized = { ...structuredClone(settings), ...given.size };
    engineOf(world).happen(key, { kind: 'updated', settings: sized, deploy: false });
  }
  for (const name of given.alarms ?? []) setAlarm(world, on.account, on.region, name, 'OK');
}

function takeOffListeners(world: World, { account, region }: ServiceKey, targetGroupArn: string): void {
  const { balancers } = balancerStore(world, account, region);
  const rules = Object.values(balancers).flatMap(({ listeners }) => listeners.flatMap((one) => one.rules));
  for (const rule of rules)
    if (forwardsTo(rule.action, targetGroupArn))
      rule.action = { kind: 'fixed-response', status: 404, body: '' };
}

function letHappen(world: World, key: ServiceKey, event: Around): void {
  const { account, region } = key;
  const happen = () => {
    const service = serviceAt(world, key);
    switch (event.kind) {
      case 'no-room':
        setShortage(world, account, region, event.reason);
        return;
      case 'room-again':
        setShortage(world, account, region, undefined);
        return;
      case 'scaled':
        scale(world, key, service, event.desired);
        return;
      case 'alarm':
        setAlarm(world, account, region, event.name, 'ALARM');
        return;
      case 'zone-shifted-away':
        shiftZone(world, account, region, service.settings.subnets[0]?.zone ?? '', 'away');
        return;
      case 'deployment-stopped': {
        const open = service.history.find(({ status }) => OPEN.includes(status));
        if (open) engineOf(world).happen(key, { kind: 'rollback-requested', serviceDeployment: open.arn });
      }
    }
  };
  if (event.atSeconds === 0 && event.kind === 'no-room') happen();
  else world.clock.after(event.atSeconds * 1_000, happen);
}

function scale(world: World, key: ServiceKey, service: ServiceState, desired: number): void {
  const { account, region, name } = key;
  const settings = { ...structuredClone(service.settings), desiredCount: desired };
  engineOf(world).happen(key, { kind: 'updated', settings, deploy: false });
  scalingActivitiesOf(world, account, region).unshift({
    id: `00000000-0000-4000-8000-${String(Math.round(world.clock.now()) % 1e12).padStart(12, '0')}`,
    resourceId: `service/${name}`,
    desired,
    cause: `monitor alarm TargetTracking-service/${name}-AlarmHigh in state ALARM triggered policy cpu`,
    at: world.clock.now(),
  });
  world.touched();
}

function serviceAt(world: World, key: ServiceKey): ServiceState {
  const service = ecsStore(world, key.account, key.region).services[key.name];
  if (!service) throw new Error(`no service "${key.name}" to play on`);
  return service;
}
