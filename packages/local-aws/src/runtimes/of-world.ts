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

/** What a world may be started with: nothing here speaks to a container engine. */
export function supportedRuntime(name: World['runtime'] | 'docker' = 'process'): World['runtime'] {
  if (name !== 'docker') return name;
  throw new Error(
    "the runtime 'docker' is not supported yet: 'process' runs tasks as processes of this machine, 'simulated' by script",
  );
}

export function runtimeOf(world: World): TaskRuntime {
  return runtimesOf(world)[world.runtime];
}

/** Where scripts are given to a world whose runtime is `simulated`. */
export function simulatedOf(world: World): SimulatedRuntime {
  return runtimesOf(world).simulated;
}
