import { deregisterTarget } from '../balancer/registration.ts';
import { balancerStore, findRule, forwardsTo } from '../balancer/store.ts';
import { alarmsOf, onAlarm } from '../cloudwatch/alarms.ts';
import { networkOf } from '../runtimes/network.ts';
import { runtimeOf } from '../runtimes/of-world.ts';
import type { World } from '../world/world.ts';
import { advance } from './advance.ts';
import type { Effect, Happening } from './happening.ts';
import { randomNames } from './names.ts';
import { endOneOffTasks } from './one-off/engine.ts';
import { registerTask } from './register-task.ts';
import { roomFor } from './room.ts';
import { type StartedTask, startTask } from './start-task.ts';
import type { ServiceState } from './state.ts';
import { ecsPlaces, ecsStore, findTaskDefinition } from './store.ts';
import type { Task } from './task-state.ts';

/** Which service: `name` is `cluster/service`. */
export interface ServiceKey {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** Lets happenings happen, one after the other, and does in the world what follows from them. */
export interface EcsEngine {
  happen(key: ServiceKey, happening: Happening): void;
  /** Hears of a service after each happening; the answer ends it. */
  watch(key: ServiceKey, see: (service: ServiceState) => void): () => void;
}

const engines = new WeakMap<World, EcsEngine>();

export function engineOf(world: World): EcsEngine {
  const known = engines.get(world);
  if (known) return known;
  const engine = startEngine(world);
  engines.set(world, engine);
  return engine;
}

/** After a start with saved state: no task process has survived, so the scheduler begins with new ones. */
export function resumeEcs(world: World): void {
  for (const { account, region } of ecsPlaces(world)) {
    for (const group of Object.values(balancerStore(world, account, region).targetGroups)) group.targets = [];
    for (const name of Object.keys(ecsStore(world, account, region).services)) {
      engineOf(world).happen({ account, region, name }, { kind: 'restarted' });
    }
    endOneOffTasks(world, { account, region });
  }
}

const nameOf = ({ account, region, name }: ServiceKey) => `${account}/${region}/${name}`;

function startEngine(world: World): EcsEngine {
  const running = new Map<string, StartedTask>();
  const watchers = new Map<string, Set<(service: ServiceState) => void>>();
  runtimeOf(world); // first, so that what it ends on closing is no news to an engine that has closed before it
  let closed = false;
  world.onClose(() => {
    closed = true;
  });

  const happen = (key: ServiceKey, happening: Happening): void => {
    const { services } = ecsStore(world, key.account, key.region);
    const before = services[key.name];
    if (closed || !before) return;
    const { service, effects } = advance(before, happening, {
      now: world.clock.now(),
      names: randomNames,
      inAlarm: (name) => alarmsOf(world, key.account, key.region)[name]?.state === 'ALARM',
      sendsTo: (arn, targetGroupArn) => {
        const rule = findRule(balancerStore(world, key.account, key.region), arn);
        return rule !== undefined && forwardsTo(rule.action, targetGroupArn);
      },
      room: roomFor(world, key.account, key.region, before.tasks),
    });
    services[key.name] = service;
    world.touched();
    for (const effect of effects) perform(key, service, effect);
    for (const see of watchers.get(nameOf(key)) ?? []) see(service);
  };

  const perform = (key: ServiceKey, service: ServiceState, effect: Effect): void => {
    if (effect.kind === 'later') {
      world.clock.after(effect.milliseconds, () => happen(key, effect.happening));
      return;
    }
    if (effect.kind === 'shift') {
      const rule = findRule(balancerStore(world, key.account, key.region), effect.rule);
      if (rule) rule.action = { kind: 'forward', groups: effect.groups };
      return;
    }
    const task = service.tasks.find((one) => one.id === effect.task);
    if (task) performOn(key, service, task, effect);
  };

  const performOn = (
    key: ServiceKey,
    service: ServiceState,
    task: Task,
    effect: Exclude<Effect, { kind: 'later' | 'shift' }>,
  ): void => {
    const { account, region } = key;
    switch (effect.kind) {
      case 'run':
        run(key, service, task);
        return;
      case 'stop':
        running.get(task.id)?.stop();
        return;
      case 'register': {
        const { targetGroupArn, port } = effect;
        registerTask(
          world,
          () => ecsStore(world, account, region).services[key.name],
          task,
          { account, region, targetGroupArn, port },
          (news) => happen(key, { kind: 'target', task: task.id, targetGroupArn, news }),
        );
        return;
      }
      case 'deregister': {
        const { targetGroupArn, port } = effect;
        deregisterTarget(world, account, region, { targetGroupArn, id: task.address, port });
      }
    }
  };

  const run = (key: ServiceKey, service: ServiceState, task: Task): void => {
    const { account, region } = key;
    const revision = service.revisions.find((one) => one.id === task.revision);
    const plan = {
      account,
      region,
      task,
      definition: findTaskDefinition(ecsStore(world, account, region), revision?.taskDefinition ?? ''),
      digests: revision?.digests ?? {},
      service: service.name,
      group: `service:${service.name}`,
      startedBy: task.deployment,
      overrides: {},
    };
    const started = startTask(world, plan, {
      pulled: (digests, checked) => happen(key, { kind: 'pulled', task: task.id, digests, checked }),
      containerHealth: (container, health) =>
        happen(key, { kind: 'container-health', task: task.id, container, health }),
      interrupted: (stop) => happen(key, { kind: 'stop-requested', task: task.id, stop }),
      reachable: (by) => networkOf(world).join(account, region, task.address, by),
      started: () => happen(key, { kind: 'started', task: task.id }),
      ended: (end) => {
        running.delete(task.id);
        networkOf(world).leave(account, region, task.address);
        happen(key, { kind: 'ended', task: task.id, end });
      },
    });
    running.set(task.id, started);
  };

  onAlarm(world, (account, region) => {
    for (const name of Object.keys(ecsStore(world, account, region).services)) {
      happen({ account, region, name }, { kind: 'look' });
    }
  });
  const watch = (key: ServiceKey, see: (service: ServiceState) => void) => {
    const all = watchers.get(nameOf(key)) ?? new Set();
    watchers.set(nameOf(key), all.add(see));
    return () => void all.delete(see);
  };

  return { happen, watch };
}
