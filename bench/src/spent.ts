import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FILE = 'BENCH_SPENT';

/** Variables by which a process of Node writes its processor time into a file when it ends: it loads this module first. */
export function tellSpent(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(fileURLToPath(import.meta.url))}`, [FILE]: file };
}

/** Milliseconds of processor time. */
export function spentIn(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

const file = process.env[FILE];
if (file !== undefined)
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeFileSync(file, String((user + system) / 1000));
  });
