import { execFileSync } from 'node:child_process';
import { writeReleasedTree } from '@tenant-delivery/release/commit-release';
import { root } from '@tenant-delivery/release/this-repository';
import { type Figure, round } from './figure.ts';

/** What every customer's job downloads of our code. */
export async function size(): Promise<readonly Figure[]> {
  const within = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const commit = execFileSync('git', ['archive', '--format=tar.gz', writeReleasedTree()], within).length;
  return [
    {
      bench: 'size',
      figure: 'a released commit as tar.gz: what a runner downloads for each uses:',
      value: round(commit / 1_000_000),
      unit: 'MB',
      target: 1.5,
    },
  ];
}
