import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './released-files.ts';

const PAGES = ['*.md', 'actions/*/README.md'];
const FOLDERS = ['docs', 'templates'];

/** Where others copy references to a release from. */
function copiedFiles(root: string): readonly string[] {
  const copied = FOLDERS.flatMap((folder) => filesBelow(root, folder)).filter((file) =>
    /\.(?:md|ya?ml)$/.test(file),
  );
  return [...PAGES.flatMap((pattern) => globSync(pattern, { cwd: root })), ...copied].sort();
}

/**
 * Puts `version` into every reference to this repository at a release (`repository/path@vX.Y.Z`, or a checkout of it at
 * `refs/tags/vX.Y.Z`), and into a contract that names one release as those in use.
 */
export function stamped(text: string, repository: string, version: string): string {
  const name = repository.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text
    .replace(new RegExp(`(\\b${name}/[\\w./-]+@)v\\d+\\.\\d+\\.\\d+\\b`, 'g'), `$1v${version}`)
    .replace(
      new RegExp(`(\\brepository: ${name}\\n *ref: refs/tags/)v\\d+\\.\\d+\\.\\d+\\b`, 'g'),
      `$1v${version}`,
    )
    .replace(/^( *releases: \[)v\d+\.\d+\.\d+(?=\])/gm, `$1v${version}`);
}

/** Stamps every file that is copied from; a commit cannot hold its own name, so references are by tag. */
export function stampAll(root: string, repository: string, version: string): readonly string[] {
  return copiedFiles(root).filter((file) => {
    const before = readFileSync(join(root, file), 'utf8');
    const after = stamped(before, repository, version);
    if (after !== before) writeFileSync(join(root, file), after);
    return after !== before;
  });
}
