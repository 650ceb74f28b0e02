import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, round } from './figure.ts';
import type { Measured } from './growth-row.ts';

const FOLDER = join(import.meta.dirname, 'growth');
type Cost = 'processor' | 'calls' | 'memory';

const TIMES = [1, 2, 4, 8];

/** The names of the rows, which are the names of their files: `npm run bench -- growth/NAME` measures one. */
export const GROWTH_ROWS = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));

/** What rows cost at n, 2n, 4n and 8n. Prints every ratio; a figure is what 8n costs for each that n costs. */
export async function growth(rows: readonly string[] = GROWTH_ROWS): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const row of rows) {
    const measured: Measured[] = [];
    for (const times of TIMES) measured.push(await measure(row, times));
    figures.push(...judge(row, measured));
  }
  return figures;
}

async function measure(row: string, times: number): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(FOLDER, `${row}.ts`)], {
    env: { ...process.env, TIMES: String(times) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured; // by growth-row.ts
}

function judge(row: string, measured: readonly Measured[]): readonly Figure[] {
  const [first] = measured;
  const last = measured.at(-1);
  if (!first || !last) return [];
  const { work, size, atMost } = first;
  const ratios = (cost: Cost) =>
    measured.map((each) => (each[cost] === first[cost] ? 1 : each[cost] / first[cost]));
  const line = (what: string, unit: string, cost: Cost) =>
    console.log(
      `growth/${row}: ${work}, ${what}: ${ratios(cost)
        .map((ratio, index) => `${(TIMES[index] ?? 1) * size}: × ${round(ratio)}`)
        .join(', ')} (${round(first[cost])} to ${round(last[cost])} ${unit})`,
    );
  line('processor time', 'ms', 'processor');
  if (atMost.calls !== undefined) line('calls', 'calls', 'calls');
  if (atMost.memory !== undefined) line('peak memory', 'MB', 'memory');
  const figure = (what: string, cost: Cost, target: number): Figure => ({
    bench: `growth/${row}`,
    figure: `${work}: ${what} for ${last.size} / for ${size}`,
    value: round(ratios(cost).at(-1) ?? Number.NaN),
    unit: 'ratio',
    target,
  });
  return [
    figure('processor time', 'processor', atMost.processor),
    ...(atMost.calls === undefined ? [] : [figure('calls', 'calls', atMost.calls)]),
    ...(atMost.memory === undefined ? [] : [figure('peak memory', 'memory', atMost.memory)]),
  ];
}
