import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../observed.ts';
import { platformOf } from './platform.ts';
import { cpuUnits, mebibytes } from './task-sizes.ts';

const GB = 1024; // MiB

/**
 * CPU units, and the MiB of memory that go with them ("Task size", "Amazon ECS task definition parameters for Fargate").
 */
const MEMORY_OF: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GB, 2 * GB]],
  [512, steps(GB, 4 * GB, GB)],
  [1024, steps(2 * GB, 8 * GB, GB)],
  [2048, steps(4 * GB, 16 * GB, GB)],
  [4096, steps(8 * GB, 30 * GB, GB)],
  [8192, steps(16 * GB, 60 * GB, 4 * GB)],
  [16_384, steps(32 * GB, 120 * GB, 8 * GB)],
  [32_768, [60 * GB, 120 * GB, 244 * GB]],
]);

/** CPU units that Windows tasks can have on Fargate, as the same page says. */
const WINDOWS: readonly number[] = [1024, 2048, 4096];

/** What is wrong with the size of a task that must be able to run on Fargate; nothing for one that need not. */
export function fargateMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const compatible = document['requiresCompatibilities'];
  if (!Array.isArray(compatible) || !compatible.includes('FARGATE')) return [];
  const missing = ['cpu', 'memory'].filter((member) => (document[member] ?? null) === null);
  if (missing.length > 0)
    return missing.map((path) => ({ path, problem: 'is missing; Fargate needs the size of the task' }));
  const cpu = cpuUnits(document['cpu']) ?? 0;
  const windows = platformOf(document)?.startsWith('windows/') === true;
  const memory = windows && !WINDOWS.includes(cpu) ? undefined : MEMORY_OF.get(cpu);
  if (!memory) {
    const sizes = (windows ? WINDOWS : [...MEMORY_OF.keys()]).join(', ');
    const platform = windows ? 'Fargate with Windows' : 'Fargate';
    return [{ path: 'cpu', problem: `is ${document['cpu']}; ${platform} has ${sizes} CPU units` }];
  }
  if (memory.includes(mebibytes(document['memory']) ?? 0)) return [];
  const problem = `is ${document['memory']}; beside ${document['cpu']} of CPU, Fargate has ${said(memory)} MiB`;
  return [{ path: 'memory', problem }];
}

/** The smallest size of Fargate's that holds so many CPU units and MiB; `undefined` when it has none. */
export function fargateSize(
  cpu: number,
  memory: number,
): { readonly cpu: number; readonly memory: number } | undefined {
  for (const [units, amounts] of MEMORY_OF) {
    const amount = amounts.find((each) => each >= memory);
    if (units >= cpu && amount !== undefined) return { cpu: units, memory: amount };
  }
  return undefined;
}

function steps(least: number, most: number, step: number): readonly number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, at) => least + at * step);
}

function said(sizes: readonly number[]): string {
  const [first = 0, second = 0] = sizes;
  return sizes.length <= 4 ? sizes.join(', ') : `${first} to ${sizes.at(-1)} in steps of ${second - first}`;
}
