import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, median, round } from './figure.ts';
import { timeProcess } from './spawned.ts';

const RUNS = 7;
const INLINE = 51_200; // bytes of a template that travels in the request ("AWS CloudFormation quotas")

/** Every stack of twenty services with the longest names: the whole process that renders them, and the largest body. */
export async function stacks(): Promise<readonly Figure[]> {
  const program = fileURLToPath(new URL('./render-stacks.ts', import.meta.url));
  const { largest } = JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8' })) as {
    largest: number; // our own program wrote it
  };
  const times: number[] = [];
  for (let i = 0; i < RUNS; i += 1) times.push(await timeProcess([program]));
  return [
    {
      bench: 'stacks',
      figure: 'templates for 20 services, whole process',
      value: round(median(times) / 1000),
      unit: 's',
      target: 0.5,
    },
    {
      bench: 'stacks',
      figure: 'the largest stack of 20 services, longest names, compact body',
      value: largest,
      unit: 'bytes',
      target: INLINE,
    },
  ];
}
