import { expect, test } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import { fargateMistakes } from '../../src/task-definition/fargate-sizes.ts';

const sized = (cpu: Json, memory: Json, more: { readonly [member: string]: Json } = {}) =>
  fargateMistakes({ requiresCompatibilities: ['EC2', 'FARGATE'], cpu, memory, ...more }).map(
    ({ path, problem }) => `${path} ${problem}`,
  );

/** Every pair of the page's table, written down a second time, by the first, the last and the number of them. */
test.each([
  [256, 512, 2048, 3],
  [512, 1024, 4096, 4],
  [1024, 2048, 8192, 7],
  [2048, 4096, 16_384, 13],
  [4096, 8192, 30_720, 23],
  [8192, 16_384, 61_440, 12],
  [16_384, 32_768, 122_880, 12],
  [32_768, 61_440, 249_856, 3],
])('%i CPU units go with memory from %i to %i MiB, %i sizes', (cpu, least, most, count) => {
  const all = Array.from({ length: 1_024 }, (_, at) => (at + 1) * 256);
  const taken = all.filter((memory) => sized(String(cpu), String(memory)).length === 0);
  expect([taken[0], taken.at(-1), taken.length]).toEqual([least, most, count]);
});

test.each([
  ['0.25 vCPU', '0.5GB'],
  ['.5 vcpu', '1 GB'],
  ['16 vCPU', '120GB'],
  ['32 vCPU', '244 GB'],
])('%s and %s are a pair, as AWS lets them be written', (cpu, memory) => {
  expect(sized(cpu, memory)).toEqual([]);
});

test.each([
  ['256', '1536', {}, ['memory is 1536; beside 256 of CPU, Fargate has 512, 1024, 2048 MiB']],
  [
    '1 vCPU',
    '1GB',
    {},
    ['memory is 1GB; beside 1 vCPU of CPU, Fargate has 2048 to 8192 in steps of 1024 MiB'],
  ],
  ['300', '512', {}, ['cpu is 300; Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 CPU units']],
  [
    null,
    null,
    {},
    [
      'cpu is missing; Fargate needs the size of the task',
      'memory is missing; Fargate needs the size of the task',
    ],
  ],
  [
    '8192',
    '16384',
    { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
    ['cpu is 8192; Fargate with Windows has 1024, 2048, 4096 CPU units'],
  ],
  ['300', '7', { requiresCompatibilities: ['EC2'] }, []],
])('%s and %s with %j: %j', (cpu, memory, more, mistakes) => {
  expect(sized(cpu, memory, more)).toEqual(mistakes);
});
