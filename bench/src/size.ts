import { execFileSync } from 'node:child_process';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { type Figure, round } from './figure.ts';

/** What every customer's job downloads of our code. */
export async function size(): Promise<readonly Figure[]> {
  const bytes = execFileSync('tar', ['czf', '-', 'dist'], { cwd: root, maxBuffer: 64 * 1024 * 1024 }).length;
  return [
    {
      bench: 'size',
      figure: 'dist/ of all actions as tar.gz',
      value: round(bytes / 1_000_000),
      unit: 'MB',
      target: 0.6,
    },
  ];
}
