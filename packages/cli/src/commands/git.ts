import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Io } from '../io.ts';

const run = promisify(execFile);

/** Answers what `git` prints. */
export type Git = (...args: readonly string[]) => Promise<string>;

/** Git in a folder that the user named. */
export function gitIn(folder: string, { cwd }: Pick<Io, 'cwd'>): Git {
  const at = resolve(cwd, folder);
  return async (...args) => (await run('git', ['-C', at, ...args], { maxBuffer: 2 ** 26 })).stdout;
}
