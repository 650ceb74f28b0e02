import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releasedFiles } from './released-files.ts';
import { git, majorOf, root } from './this-repository.ts';

/** Writes what is released of this work tree as a tree object of its git repository. Answers its id. */
export function writeReleasedTree(): string {
  const room = mkdtempSync(join(tmpdir(), 'release-index-'));
  const index = { GIT_INDEX_FILE: join(room, 'index') };
  try {
    git(['--literal-pathspecs', 'add', '--force', '--', ...releasedFiles(root)], index);
    return git(['write-tree'], index);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** `releases/vX`: the branch on which every release of a major version stays reachable. */
export function branchOf(version: string): string {
  return `releases/${majorOf(version)}`;
}

/**
 * The release before on the branch, if there is one, then the commit of main that was built. By the first, no release is
 * ever an orphan; by the second, a release leads to its sources. A tarball of the commit holds neither.
 */
export function parentsOf(before: string | undefined, built: string): readonly string[] {
  return before === undefined ? [built] : [before, built];
}

export function messageOf(version: string, built: string): string {
  return `Release v${version}\n\nBuilt from ${built}.\n`;
}

/** Commits and tags a release in this clone; pushes nothing. Answers the commit. */
export function commitRelease(version: string): string {
  const built = git(['rev-parse', 'HEAD']);
  const branch = `refs/heads/${branchOf(version)}`;
  const before = git(['for-each-ref', '--format=%(objectname)', branch]) || undefined;
  const parents = parentsOf(before, built).flatMap((parent) => ['-p', parent]);
  const message = messageOf(version, built);
  const commit = git(['commit-tree', writeReleasedTree(), ...parents, '-m', message]);
  git(['update-ref', branch, commit]);
  git(['tag', `v${version}`, commit]);
  git(['tag', '--force', majorOf(version), commit]);
  return commit;
}
