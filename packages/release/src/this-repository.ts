import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** `owner/name` of this repository, as `package.json` has it. */
export function repositoryName(): string {
  const { repository } = JSON.parse(read('package.json')) as { repository: string }; // our own file
  return repository.replace(/^github:/, '');
}

/** The version that is released next, or was last: `1.4.2`. */
export function versionHere(): string {
  const { version } = JSON.parse(read('packages/release/package.json')) as { version: string }; // our own file
  return version;
}

export function majorOf(version: string): string {
  return `v${version.split('.')[0]}`;
}

/** Changes that no version has taken in yet, one file each. */
export function changesets(): readonly string[] {
  return globSync('.changeset/*.md', { cwd: root, exclude: ['.changeset/README.md'] }).sort();
}

export function git(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return execFileSync('git', args, { ...options, env: { ...process.env, ...env } }).trim();
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
