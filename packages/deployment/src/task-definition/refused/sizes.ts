import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { fargateMistakes } from '../fargate-sizes.ts';
import { cpuUnits, mebibytes } from '../task-sizes.ts';
import { onFargate, type Placed, placedContainers } from './reading.ts';

const LEAST_CPU = 128;
const MOST_CPU = 196_608;

/** Sizes of the task, and of its containers against it. Assumes ecs-hard-limits-may-add-up. */
export function sizeMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = placedContainers(document);
  const [cpu, memory] = [cpuUnits(document['cpu']), mebibytes(document['memory'])];
  const unread = [
    ...unreadable('cpu', document['cpu'], cpu, 'CPU units such as 1024, or vCPUs such as 1 vCPU'),
    ...unreadable('memory', document['memory'], memory, 'MiB such as 2048, or GB such as 2 GB'),
  ];
  const ofTask = onFargate(document) ? fargateMistakes(document) : instanceMistakes(cpu);
  return [
    ...(unread.length > 0 ? unread : ofTask),
    ...containers.flatMap((placed) => limitMistakes(placed, memory, document['memory'])),
    ...sumMistakes(containers, 'cpu', cpu, 'CPU units'),
    ...sumMistakes(containers, 'memoryReservation', memory, 'MiB'),
  ];
}

function unreadable(
  path: string,
  given: Json | undefined,
  size: number | undefined,
  forms: string,
): readonly Mistake[] {
  if ((given ?? null) === null || (size !== undefined && size > 0 && Number.isInteger(size))) return [];
  return [{ path, problem: `is no size; write ${forms}` }];
}

function instanceMistakes(cpu: number | undefined): readonly Mistake[] {
  if (cpu === undefined || (cpu >= LEAST_CPU && cpu <= MOST_CPU)) return [];
  return [
    { path: 'cpu', problem: `is ${cpu} CPU units; on instances a task has ${LEAST_CPU} to ${MOST_CPU}` },
  ];
}

function limitMistakes(
  { path, container }: Placed,
  task: number | undefined,
  ofTask: Json | undefined,
): readonly Mistake[] {
  const [limit, reserved] = [mebibytes(container['memory']), mebibytes(container['memoryReservation'])];
  const needs = (ofTask ?? null) === null && limit === undefined && reserved === undefined;
  return [
    ...(needs
      ? [{ path: `${path}.memory`, problem: 'is missing, as is the memory of the task; set one of them' }]
      : []),
    ...positive(`${path}.cpu`, cpuUnits(container['cpu']), 0),
    ...positive(`${path}.memory`, limit, 1),
    ...positive(`${path}.memoryReservation`, reserved, 1),
    ...above(`${path}.memory`, limit, task, 'task'),
    ...(limit === undefined
      ? above(`${path}.memoryReservation`, reserved, task, 'task')
      : above(`${path}.memoryReservation`, reserved, limit, 'container')),
  ];
}

function positive(path: string, size: number | undefined, least: number): readonly Mistake[] {
  return size !== undefined && size < least ? [{ path, problem: `must be at least ${least}` }] : [];
}

function above(
  path: string,
  size: number | undefined,
  limit: number | undefined,
  whose: string,
): readonly Mistake[] {
  return size !== undefined && limit !== undefined && size > limit
    ? [{ path, problem: `is ${size} MiB, above the ${limit} MiB of the ${whose}` }]
    : [];
}

function sumMistakes(
  containers: readonly Placed[],
  member: 'cpu' | 'memoryReservation',
  task: number | undefined,
  unit: string,
): readonly Mistake[] {
  const read = member === 'cpu' ? cpuUnits : mebibytes;
  const sizes = containers.map(({ container }) => read(container[member]) ?? 0);
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (task === undefined || sum <= task || (member !== 'cpu' && sizes.some((size) => size > task))) return [];
  return [
    {
      path: 'containerDefinitions',
      problem: `ask for ${sum} ${unit} together (${member}), above the ${task} of the task`,
    },
  ];
}
