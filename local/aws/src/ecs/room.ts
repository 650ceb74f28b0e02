import { ec2Of } from '../ec2/state.ts';
import type { World } from '../world/world.ts';
import { isOver } from './draft.ts';
import type { Room } from './happening.ts';
import { oneOffStore } from './one-off/state.ts';
import type { Subnet } from './state.ts';
import { ecsStore } from './store.ts';
import type { TaskRun } from './task-state.ts';

/** AWS keeps the first four addresses of a subnet and the last ("Subnet CIDR blocks"). */
const KEPT_BY_AWS = 5;

/** Every task of an account and region that has an address: it keeps it until it is STOPPED. */
export function tasksWithAddress(world: World, account: string, region: string): readonly TaskRun[] {
  const services = Object.values(ecsStore(world, account, region).services);
  const oneOffs = Object.values(oneOffStore(world, account, region).tasks);
  return [...services.flatMap(({ tasks }) => tasks), ...oneOffs].filter((task) => !isOver(task));
}

/** Addresses that a subnet has left: all of its range, less AWS's own, other users' and those of tasks. */
export function freeAddresses(
  world: World,
  account: string,
  region: string,
  subnet: Pick<Subnet, 'id' | 'cidr'>,
): number {
  const tasks = tasksWithAddress(world, account, region).filter((task) => task.subnet.id === subnet.id);
  return Math.max(0, capacity(world, account, region, subnet) - tasks.length);
}

/**
 * What the tasks in `own` may still take: their own addresses are theirs to count. Every happening of a service gets a
 * room and few start a task, so the others are counted when somebody asks.
 */
export function roomFor(world: World, account: string, region: string, own: readonly TaskRun[]): Room {
  let counted: ReturnType<typeof addressesOfOthers> | undefined;
  const others = () => {
    counted ??= addressesOfOthers(world, account, region, own);
    return counted;
  };
  return {
    taken: (address) => others().taken.has(address),
    capacity: (subnet) => capacity(world, account, region, subnet) - (others().bySubnet.get(subnet.id) ?? 0),
    shortage: shortageIn(world, account, region).reason,
  };
}

function addressesOfOthers(world: World, account: string, region: string, own: readonly TaskRun[]) {
  const ids = new Set(own.map(({ id }) => id));
  const taken = new Set<string>();
  const bySubnet = new Map<string, number>();
  for (const { id, address, subnet } of tasksWithAddress(world, account, region)) {
    if (ids.has(id)) continue;
    taken.add(address);
    bySubnet.set(subnet.id, (bySubnet.get(subnet.id) ?? 0) + 1);
  }
  return { taken, bySubnet };
}

function capacity(
  world: World,
  account: string,
  region: string,
  { id, cidr }: Pick<Subnet, 'id' | 'cidr'>,
): number {
  const size = 2 ** (32 - Number(cidr.split('/')[1] ?? 32));
  return size - KEPT_BY_AWS - (ec2Of(world, account, region).subnets[id]?.heldByOthers ?? 0);
}

/** From now on no task can be placed in the region, for this reason; with none, again. */
export function setShortage(world: World, account: string, region: string, reason: string | undefined): void {
  shortageIn(world, account, region).reason = reason;
  world.touched();
}

function shortageIn(world: World, account: string, region: string): { reason: string | undefined } {
  return world.state('ecs-shortage', account, region, () => ({ reason: undefined as string | undefined }));
}
