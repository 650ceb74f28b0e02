import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileAt } from '../src/workflow.ts';

const folder = join(import.meta.dirname, 'corpus');

/** The workflows that were written after what people have, by name. */
export const NAMES: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.yml$/, ''))
  .sort();

export function workflow(name: string): string {
  return readFileSync(join(folder, `${name}.yml`), 'utf8');
}

const beside = (name: string) => join(import.meta.dirname, 'beside', name);

/** The files of its repository that the command reads. */
export function filesBeside(name: string): FileAt {
  return (path) => {
    const file = join(beside(name), path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
}

/** What must come of it: the file, and the report. */
export function migrated(name: string): { readonly text: string; readonly report: string } {
  const at = (file: string) => readFileSync(join(import.meta.dirname, 'migrated', file), 'utf8');
  return { text: at(`${name}.yml`), report: at(`${name}.txt`) };
}

/** Writes what comes of it, for a person to read line by line before it counts: `MIGRATED=write`. */
export function keep(name: string, text: string, report: string): void {
  writeFileSync(join(import.meta.dirname, 'migrated', `${name}.yml`), text);
  writeFileSync(join(import.meta.dirname, 'migrated', `${name}.txt`), report);
}
