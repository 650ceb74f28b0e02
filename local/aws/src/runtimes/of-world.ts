import type { World } from '../world/world.ts';
import { dockerRuntime } from './docker.ts';
import { sweepLeftovers } from './docker-belongings.ts';
import { answeringEngine, engineAt } from './docker-engine.ts';
import { processRuntime } from './process.ts';
import type { TaskRuntime } from './runtime.ts';
import { type SimulatedRuntime, simulatedRuntime } from './simulated.ts';

interface Runtimes {
  readonly real: TaskRuntime;
  readonly simulated: SimulatedRuntime;
}

const runtimes = new WeakMap<World, Runtimes>();

function runtimesOf(world: World): Runtimes {
  const known = runtimes.get(world);
  if (known) return known;
  const real =
    world.runtime === 'docker'
      ? dockerRuntime(world, engineAt(process.env['DOCKER_HOST'] || undefined))
      : processRuntime(world);
  const made = { real, simulated: simulatedRuntime(world) };
  runtimes.set(world, made);
  return made;
}

/**
 * Before a world begins: that what is to run its tasks is there. An engine is asked whether it answers, and loses what
 * earlier worlds have left there whose processes ended without closing them.
 */
export async function prepareRuntime(name: World['runtime']): Promise<void> {
  if (name === 'docker') await sweepLeftovers(await answeringEngine(process.env));
}

export function runtimeOf(world: World): TaskRuntime {
  const { real, simulated } = runtimesOf(world);
  return world.runtime === 'simulated' ? simulated : real;
}

/** Where scripts are given to a world whose runtime is `simulated`. */
export function simulatedOf(world: World): SimulatedRuntime {
  return runtimesOf(world).simulated;
}
