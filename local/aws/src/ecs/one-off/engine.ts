import type { TaskOverride } from '@aws-sdk/client-ecs';
import { balancersInside } from '../../balancer/inside.ts';
import { ec2Of } from '../../ec2/state.ts';
import { networkOf } from '../../runtimes/network.ts';
import { runtimeOf } from '../../runtimes/of-world.ts';
import type { World } from '../../world/world.ts';
import { type StartedTask, startTask } from '../start-task.ts';
import { ecsStore, findTaskDefinition } from '../store.ts';
import { PROVISIONING } from '../task-start.ts';
import { live, type OneOffEffect, type OneOffHappening } from './life.ts';
import { type OneOffTask, oneOffStore } from './state.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Takes one-off tasks through their lives. */
export interface OneOffEngine {
  /** Begins with a task that is in the store. */
  begin(place: Place, task: OneOffTask): void;
  happen(place: Place, id: string, happening: OneOffHappening): void;
}

const engines = new WeakMap<World, OneOffEngine>();

export function oneOffEngineOf(world: World): OneOffEngine {
  const known = engines.get(world);
  if (known) return known;
  const engine = startEngine(world);
  engines.set(world, engine);
  return engine;
}

/** No process outlived the emulator: what had not ended has now, without an exit code. */
export function endOneOffTasks(world: World, { account, region }: Place): void {
  const now = world.clock.now();
  for (const task of Object.values(oneOffStore(world, account, region).tasks)) {
    if (task.lastStatus === 'STOPPED') continue;
    live(task, { kind: 'stop-requested', stop: { code: 'InfrastructureHealth', reason: RESTARTED } }, now);
    live(task, { kind: 'ended', end: { kind: 'exited', exits: {} } }, now);
    live(task, { kind: 'released' }, now);
  }
}

const RESTARTED = 'local-aws was started again';

function startEngine(world: World): OneOffEngine {
  const running = new Map<string, StartedTask>();
  runtimeOf(world); // first, so that what it ends on closing is no news to an engine that has closed before it
  let closed = false;
  world.onClose(() => {
    closed = true;
  });

  const happen = (place: Place, id: string, happening: OneOffHappening): void => {
    const task = oneOffStore(world, place.account, place.region).tasks[id];
    if (closed || !task) return;
    const effects = live(task, happening, world.clock.now());
    world.touched();
    for (const effect of effects) perform(place, task, effect);
  };

  const perform = (place: Place, task: OneOffTask, effect: OneOffEffect): void => {
    switch (effect.kind) {
      case 'later':
        world.clock.after(effect.milliseconds, () => happen(place, task.id, effect.happening));
        return;
      case 'run':
        run(place, task);
        return;
      case 'stop':
        running.get(task.id)?.stop();
        return;
      case 'forget':
        delete oneOffStore(world, place.account, place.region).tasks[task.id];
    }
  };

  const run = (place: Place, task: OneOffTask): void => {
    const { account, region } = place;
    const { origin } = task;
    const plan = {
      account,
      region,
      task,
      definition: findTaskDefinition(ecsStore(world, account, region), origin.taskDefinition ?? ''),
      digests: {},
      service: '',
      group: origin.group,
      startedBy: origin.startedBy,
      overrides: withNames(world, place, task),
    };
    const started = startTask(world, plan, {
      pulled: (digests) => happen(place, task.id, { kind: 'pulled', digests }),
      reachable: (by) => networkOf(world).join(account, region, task.address, by),
      containerHealth: (container, health) =>
        happen(place, task.id, { kind: 'container-health', container, health }),
      interrupted: (stop) => happen(place, task.id, { kind: 'stop-requested', stop }),
      started: () => happen(place, task.id, { kind: 'started' }),
      ended: (end) => {
        running.delete(task.id);
        networkOf(world).leave(account, region, task.address);
        happen(place, task.id, { kind: 'ended', end });
      },
    });
    running.set(task.id, started);
  };

  return {
    happen,
    begin: (place, task) => {
      const provision = () =>
        void world.clock.after(PROVISIONING, () => happen(place, task.id, { kind: 'provisioned' }));
      if (world.runtime !== 'process') provision();
      else void balancersInside(world).ready(place.account, place.region).then(provision);
    },
  };
}

/** A process of this machine finds the balancers of its VPC by their names. No service's task needs them yet. */
function withNames(world: World, { account, region }: Place, { origin, subnet }: OneOffTask): TaskOverride {
  if (world.runtime !== 'process') return origin.overrides;
  const vpc = ec2Of(world, account, region).subnets[subnet.id]?.vpc ?? '';
  const variables = Object.entries(balancersInside(world).variables(account, region, vpc));
  const environment = variables.map(([name, value]) => ({ name, value }));
  const definition = findTaskDefinition(ecsStore(world, account, region), origin.taskDefinition ?? '');
  const named = definition?.content.containerDefinitions ?? [];
  const given = origin.overrides.containerOverrides ?? [];
  return {
    ...origin.overrides,
    containerOverrides: named.map(({ name }) => {
      const own = given.find((each) => each.name === name);
      return { ...own, name, environment: [...environment, ...(own?.environment ?? [])] };
    }),
  };
}
