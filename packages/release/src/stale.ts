import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const SOURCES = [
  'actions/*/src/**/*.ts',
  'packages/*/src/**/*.ts',
  'package-lock.json',
  'packages/release/package.json',
];

/** Builds dist/ when a source is newer than it. Answers a sentence about what was done. */
export async function buildIfStale(): Promise<string> {
  const built = join(root, 'dist/README.txt');
  const at = existsSync(built) ? statSync(built).mtimeMs : 0;
  const newer = globSync(SOURCES, { cwd: root }).some((file) => statSync(join(root, file)).mtimeMs > at);
  if (!newer) return 'dist/ is up to date';
  const started = performance.now();
  const { buildActions } = await import('./build.ts');
  await buildActions();
  return `dist/ built in ${Math.round(performance.now() - started)} ms`;
}
