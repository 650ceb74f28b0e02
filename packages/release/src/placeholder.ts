import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The provider's name in every page, template and test that names its repositories or teams. */
export const PLACEHOLDER = 'OWNER';

/** The names that this repository gives to an owner's repositories, and the mention of an owner's team. */
const NAMED = new RegExp(
  `(?<![\\w.-])(?:${PLACEHOLDER}/tenant-(?:delivery|operations)(?!\\w)|@${PLACEHOLDER}/)`,
  'g',
);

export interface Provider {
  readonly owner: string;
  readonly name: string;
}

/** The same text, as this provider's. */
export function ownedBy(text: string, { owner, name }: Provider): string {
  return text.replace(NAMED, (found) => {
    if (found.startsWith('@')) return `@${owner}/`;
    return found.endsWith('-operations') ? `${owner}/tenant-operations` : `${owner}/${name}`;
  });
}

/** Files of the repository in which the placeholder stands. */
export function placesOfPlaceholder(root: string): readonly string[] {
  return trackedFiles(root).filter((file) => readFileSync(join(root, file), 'utf8').search(NAMED) >= 0);
}

/** What git tracks, without links and what is gone. */
function trackedFiles(root: string): readonly string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\0')
    .filter((file) => file !== '' && lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile());
}
