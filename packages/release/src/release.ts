import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildActions } from './build.ts';

const root = join(import.meta.dirname, '../../..');

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

/**
 * Makes the release commit: dist/ added on top of main, on the branch `releases/vX`, tagged `vX.Y.Z` for ever, and the
 * lightweight tag `vX` moved to it. A released commit is on a branch, so that tools which distrust stray commits accept it.
 * Pushes nothing: the workflow that calls this does, after it has compared a second build.
 */
export async function release(): Promise<readonly string[]> {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/release/package.json'), 'utf8')) as {
    version: string;
  }; // our own file
  const major = `v${version.split('.')[0]}`;
  const problems = [
    ...(git('status', '--porcelain') ? ['the work tree has changes that are not committed'] : []),
    ...(git('tag', '--list', `v${version}`)
      ? [`v${version} is released already: add a changeset and run npx changeset version`]
      : []),
  ];
  if (problems.length > 0) return problems;
  await buildActions();
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
  git('checkout', '--quiet', '--detach');
  try {
    git('add', '--force', 'dist');
    git('commit', '--quiet', '--message', `Release v${version}`);
    git('branch', '--force', `releases/${major}`);
    git('tag', '--annotate', `v${version}`, '--message', `tenant-delivery ${version}`);
    git('tag', '--force', major);
  } finally {
    git('checkout', '--quiet', branch);
  }
  return [];
}

if (import.meta.main) {
  const problems = await release();
  for (const problem of problems) console.error(`Not released: ${problem}.`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
