import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** Where others copy references to a release from. */
const COPIED = ['README.md', 'docs/**/*.md', 'actions/*/README.md', 'templates/**/*.{md,yml,yaml}'];

/** Puts `version` into every reference to this repository at a release: `OWNER/NAME/path@vX.Y.Z`. */
export function stamped(text: string, repository: string, version: string): string {
  const name = repository.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(\\b${name}/[\\w./-]+@)v\\d+\\.\\d+\\.\\d+\\b`, 'g'), `$1v${version}`);
}

/** Stamps every file that is copied from; a commit cannot hold its own name, so references are by tag. */
export function stampAll(): readonly string[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const { repository } = JSON.parse(read('package.json')) as { repository: string }; // our own file
  const { version } = JSON.parse(read('packages/release/package.json')) as { version: string }; // our own file
  return globSync(COPIED, { cwd: root, exclude: (name) => name === 'node_modules' }).filter((file) => {
    const before = read(file);
    const after = stamped(before, repository.replace(/^github:/, ''), version);
    if (after !== before) writeFileSync(join(root, file), after);
    return after !== before;
  });
}
