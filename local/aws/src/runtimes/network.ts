import type { World } from '../world/world.ts';
import type { RunningTask } from './runtime.ts';

/** Who answers at an address of an account's VPCs, while it answers. */
export interface TaskNetwork {
  join(account: string, region: string, address: string, task: RunningTask): void;
  leave(account: string, region: string, address: string): void;
  at(account: string, region: string, address: string): RunningTask | undefined;
}

const networks = new WeakMap<World, TaskNetwork>();

export function networkOf(world: World): TaskNetwork {
  const known = networks.get(world);
  if (known) return known;
  const tasks = new Map<string, RunningTask>();
  const key = (account: string, region: string, address: string) => `${account}/${region}/${address}`;
  const network: TaskNetwork = {
    join: (account, region, address, task) => void tasks.set(key(account, region, address), task),
    leave: (account, region, address) => void tasks.delete(key(account, region, address)),
    at: (account, region, address) => tasks.get(key(account, region, address)),
  };
  networks.set(world, network);
  return network;
}
