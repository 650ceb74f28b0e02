import { ec2Of } from '../ec2/state.ts';
import type { World } from '../world/world.ts';
import { isOver } from './draft.ts';
import type { Room } from './happening.ts';
import { oneOffStore } from './one-off/state.ts';
import { cpuUnits } from './rules/task-size.ts';
import type { Subnet } from './state.ts';
import { ecsStore, findTaskDefinition } from './store.ts';
import type { TaskRun } from './task-state.ts';

/** AWS keeps the first four addresses of a subnet and the last ("Subnet CIDR blocks"). */
const KEPT_BY_AWS = 5;

/** Every task of an account and region that has an address: it keeps it until it is STOPPED. */
export function tasksWithAddress(world: World, account: string, region: string): readonly TaskRun[] {
  return tasksWithDefinition(world, account, region).map(({ task }) => task);
}

interface Defined {
  readonly task: TaskRun;
  /** ARN of its task definition. */
  readonly definition: string;
}

function tasksWithDefinition(world: World, account: string, region: string): readonly Defined[] {
  const services = Object.values(ecsStore(world, account, region).services);
  const ofServices = services.flatMap(({ tasks, revisions, settings }) =>
    tasks.map((task): Defined => {
      const { taskDefinition } = revisions.find(({ id }) => id === task.revision) ?? settings;
      return { task, definition: taskDefinition };
    }),
  );
  const oneOffs = Object.values(oneOffStore(world, account, region).tasks);
  return [
    ...ofServices,
    ...oneOffs.map((task) => ({ task, definition: task.origin.taskDefinition ?? '' })),
  ].filter(({ task }) => !isOver(task));
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
    beyondQuota: (definition, tasks) => {
      const wanted = [definition, ...tasks].reduce(
        (sum, one) => sum + vcpusOf(world, account, region, one),
        0,
      );
      const most = fargateQuota(world, account, region).vcpus;
      return wanted + others().vcpus > most ? TOO_MANY_VCPUS : undefined;
    },
  };
}

function addressesOfOthers(world: World, account: string, region: string, own: readonly TaskRun[]) {
  const ids = new Set(own.map(({ id }) => id));
  const taken = new Set<string>();
  const bySubnet = new Map<string, number>();
  let vcpus = 0;
  for (const { task, definition } of tasksWithDefinition(world, account, region)) {
    const { id, address, subnet } = task;
    if (ids.has(id)) continue;
    vcpus += vcpusOf(world, account, region, definition);
    taken.add(address);
    bySubnet.set(subnet.id, (bySubnet.get(subnet.id) ?? 0) + 1);
  }
  return { taken, bySubnet, vcpus };
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

/** "Service event messages" (Amazon ECS developer guide). */
const TOO_MANY_VCPUS = "You've reached the limit on the number of vCPUs you can run concurrently";

/** "Amazon ECS endpoints and quotas": Fargate On-Demand vCPU resource count. */
const FARGATE_VCPUS = 6;
/** CPU units of Fargate's smallest task, as which one without a size counts. */
const SMALLEST = 256;

function vcpusOf(world: World, account: string, region: string, definition: string): number {
  const found = findTaskDefinition(ecsStore(world, account, region), definition);
  return (cpuUnits(found?.content.cpu ?? '') ?? SMALLEST) / 1_024;
}

function fargateQuota(world: World, account: string, region: string): { vcpus: number } {
  return world.state('ecs-fargate-quota', account, region, () => ({ vcpus: FARGATE_VCPUS }));
}

/** AWS raises the quota of vCPUs, as it does when somebody asks. */
export function raiseFargateQuota(world: World, account: string, region: string, vcpus: number): void {
  fargateQuota(world, account, region).vcpus = vcpus;
  world.touched();
}

/** From now on no task can be placed in the region, for this reason; with none, again. */
export function setShortage(world: World, account: string, region: string, reason: string | undefined): void {
  shortageIn(world, account, region).reason = reason;
  world.touched();
}

function shortageIn(world: World, account: string, region: string): { reason: string | undefined } {
  return world.state('ecs-shortage', account, region, () => ({ reason: undefined as string | undefined }));
}
