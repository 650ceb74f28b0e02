import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256 over the SHA-256 of each file that the patterns find in the workspace, in the order of their paths;
 * empty when there is none. A pattern that begins with `!` takes files away again.
 * Assumes github-order-of-hash-files.
 */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const lines = patterns.flatMap((pattern) => pattern.split('\n')).map((line) => line.trim());
  const wanted = lines.filter((line) => line !== '' && !line.startsWith('!') && !line.startsWith('--'));
  const unwanted = new Set(
    lines
      .filter((line) => line.startsWith('!'))
      .flatMap((line) => globSync(line.slice(1), { cwd: workspace })),
  );
  const files = [...new Set(wanted.flatMap((pattern) => globSync(pattern, { cwd: workspace })))]
    .filter((file) => !unwanted.has(file))
    .map((file) => join(workspace, file))
    .filter((file) => statSync(file).isFile())
    .sort();
  if (files.length === 0) return '';
  const all = createHash('sha256');
  for (const file of files) all.update(createHash('sha256').update(readFileSync(file)).digest());
  return all.digest('hex');
}
