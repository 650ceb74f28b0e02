import type { Mistake } from '@tenant-delivery/action-kit/document';
import { FARGATE_MEMORY } from '@tenant-delivery/domain/fargate-memory';
import type { TaskDefinitionDocument } from '../observed.ts';
import { platformOf } from './platform.ts';
import { cpuUnits, mebibytes } from './task-sizes.ts';

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
  const memory = windows && !WINDOWS.includes(cpu) ? undefined : FARGATE_MEMORY.get(cpu);
  if (!memory) {
    const sizes = (windows ? WINDOWS : [...FARGATE_MEMORY.keys()]).join(', ');
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
  for (const [units, amounts] of FARGATE_MEMORY) {
    const amount = amounts.find((each) => each >= memory);
    if (units >= cpu && amount !== undefined) return { cpu: units, memory: amount };
  }
  return undefined;
}

function said(sizes: readonly number[]): string {
  const [first = 0, second = 0] = sizes;
  return sizes.length <= 4 ? sizes.join(', ') : `${first} to ${sizes.at(-1)} in steps of ${second - first}`;
}
