import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnGithub, TreeEntry } from './on-github.ts';
import { git, read, root, versionHere } from './this-repository.ts';

/** The branch of the pull request; every push makes it again from main, so nobody works on it. */
const BRANCH = 'release/next';

/** Opens or renews the pull request with what `version` has written. Answers its number. */
export async function propose(github: OnGithub): Promise<number> {
  const version = versionHere();
  const main = git(['rev-parse', 'HEAD']);
  const tree = await github.makeTree(changes(), main);
  const title = `Release v${version}`;
  const commit = await github.makeCommit(tree, [main], `${title}\n`);
  if ((await github.refAt(`heads/${BRANCH}`)) === undefined) await github.makeRef(`heads/${BRANCH}`, commit);
  else await github.moveRef(`heads/${BRANCH}`, commit, { force: true });
  const body = `Merging this builds v${version} twice, and then asks the reviewers of the environment \`release\` before anything is published.\n\n${changelogOf(version)}`;
  const open = await github.pullFrom(BRANCH);
  const { number } = open
    ? await github.editPull(open.number, title, body)
    : await github.openPull(BRANCH, title, body);
  return number;
}

/** Every file that differs from the commit that is checked out, whole; null for one that is gone. */
function changes(): readonly TreeEntry[] {
  const named = [
    ...git(['diff', '--name-only', '-z', 'HEAD']).split('\0'),
    ...git(['ls-files', '--others', '--exclude-standard', '-z']).split('\0'),
  ];
  return named
    .filter((path) => path !== '')
    .map((path) => {
      const entry = { path, mode: '100644' } as const;
      if (!existsSync(join(root, path))) return { ...entry, sha: null };
      return { ...entry, content: readFileSync(join(root, path), 'utf8') };
    });
}

/** The part of the changelog about one version. */
export function changelogOf(version: string): string {
  const [, after = ''] = `\n${read('packages/release/CHANGELOG.md')}`.split(`\n## ${version}\n`);
  return (after.split('\n## ')[0] ?? '').trim();
}
