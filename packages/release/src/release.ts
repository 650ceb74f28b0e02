import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildActions } from './build.ts';
import { stampAll } from './stamp.ts';

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

const USAGE = `Usage: npm run release -- version | tag
  version  takes in the changesets: the next version, the changelog, and every reference to a release
  tag      builds dist/, commits it on the release branch and tags it; pushes nothing`;

function version(): void {
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  run('npx', '--no-install', 'changeset', 'version');
  run('npm', 'install', '--package-lock-only', '--ignore-scripts');
  for (const file of stampAll()) console.log(`stamped ${file}`);
}

if (import.meta.main) {
  const [verb] = process.argv.slice(2);
  if (verb === 'version') version();
  else if (verb === 'tag') {
    const problems = await release();
    for (const problem of problems) console.error(`Not released: ${problem}.`);
    process.exitCode = problems.length > 0 ? 1 : 0;
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}
