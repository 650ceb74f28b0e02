import type { World } from '../world/world.ts';
import { processRuntime } from './process.ts';
import type { TaskRuntime } from './runtime.ts';
import { type SimulatedRuntime, simulatedRuntime } from './simulated.ts';

interface Runtimes {
  readonly process: TaskRuntime;
  readonly simulated: SimulatedRuntime;
}

const runtimes = new WeakMap<World, Runtimes>();

function runtimesOf(world: World): Runtimes {
  const known = runtimes.get(world);
  if (known) return known;
  const made = { process: processRuntime(world), simulated: simulatedRuntime(world) };
  runtimes.set(world, made);
  return made;
}

export function runtimeOf(world: World): TaskRuntime {
  return runtimesOf(world)[world.runtime];
}

/** Where scripts are given to a world whose runtime is `simulated`. */
export function simulatedOf(world: World): SimulatedRuntime {
  return runtimesOf(world).simulated;
}
