import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { fargateSize } from './fargate-sizes.ts';
import { containerNamed, containersOf } from './task-definition.ts';
import { cpuUnits, mebibytes } from './task-sizes.ts';

/** CPU units and MiB that a manifest asks for. */
export interface SizeWish {
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
}

type Member = 'cpu' | 'memory';

const MEMBERS: readonly Member[] = ['cpu', 'memory'];
const UNITS = { cpu: cpuUnits, memory: mebibytes } as const;

/**
 * The patch that gives a container the size that is asked for; empty where it has that. The task follows: one that its
 * containers filled stays filled, any other only grows. On Fargate it takes the smallest size that there is.
 */
export function containerSizes(
  document: TaskDefinitionDocument,
  container: string,
  wish: SizeWish,
): JsonObject {
  const has = containerNamed(document, container);
  const asked = MEMBERS.flatMap((member) => {
    const size = wish[member];
    return size === undefined || size === UNITS[member](has?.[member]) ? [] : [[member, size] as const];
  });
  if (asked.length === 0) return {};
  const sizes = Object.fromEntries(asked);
  return { ...taskSizes(document, container, sizes), containerDefinitions: { [container]: sizes } };
}

function taskSizes(document: TaskDefinitionDocument, container: string, asked: SizeWish): JsonObject {
  const needs = MEMBERS.map((member) => neededOf(document, container, member, asked[member]));
  const [cpu, memory] = needs;
  const compatible = document['requiresCompatibilities'];
  const fargate = Array.isArray(compatible) && compatible.includes('FARGATE');
  const size = fargate && cpu !== undefined && memory !== undefined ? fargateSize(cpu, memory) : undefined;
  return Object.fromEntries(
    MEMBERS.flatMap((member, at): [Member, Json][] => {
      const now = UNITS[member](document[member]);
      const next = size?.[member] ?? needs[at];
      return next === undefined || next === now ? [] : [[member, String(next)]];
    }),
  );
}

/** How much of one kind the task needs; `undefined` for a task that has no size of its own. */
function neededOf(
  document: TaskDefinitionDocument,
  container: string,
  member: Member,
  asked: number | undefined,
): number | undefined {
  const now = UNITS[member](document[member]);
  if (now === undefined || asked === undefined) return now;
  const sizeOf = (each: JsonObject) =>
    UNITS[member](each[member]) ?? (member === 'memory' ? mebibytes(each['memoryReservation']) : 0) ?? 0;
  const containers = containersOf(document);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const before = sum(containers.map(sizeOf));
  const after = sum(containers.map((each) => (each['name'] === container ? asked : sizeOf(each))));
  return before >= now ? after : Math.max(now, after);
}
