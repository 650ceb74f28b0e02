import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Module, modules, roomOf, root } from './import-graph.ts';

/**
 * What a package exports is what other packages import, entry by entry, so that all else is its own. Here is who imports
 * each entry of a package, by the package and the entry.
 */
function importersOf(all: readonly Module[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const { file, room, imports } of all) {
    for (const { to } of imports) {
      if (to.kind !== 'room' || to.room === room) continue;
      const entries = found.get(to.room) ?? new Map<string, string>();
      found.set(to.room, entries.set(to.entry, entries.get(to.entry) ?? file));
    }
  }
  return found;
}

interface PackageFile {
  readonly exports?: Readonly<Record<string, string>>;
}

const packageFiles = () =>
  globSync(['{actions,packages,local}/*/package.json', 'tests/package.json'], { cwd: root }).sort();
const read = (file: string): PackageFile => JSON.parse(readFileSync(join(root, file), 'utf8')); // our own file

/** `./a` is `src/a.ts`; parts that tests of other rooms share are asked for by their folder. */
function fileOf(room: string, entry: string): string {
  if (entry === '.') return './src/index.ts';
  const inFolder = room === 'tests' || entry.startsWith('./test/');
  return `./${inFolder ? '' : 'src/'}${entry.slice('./'.length)}.ts`;
}

/** One sentence for each entry that a package lacks, or has for nobody. */
export function exportBreaches(
  all: readonly Module[] = modules(),
  files: readonly string[] = packageFiles(),
  exportsOf = (file: string) => read(file).exports ?? {},
): readonly string[] {
  const importers = importersOf(all);
  return files.flatMap((file) => {
    const room = roomOf(file);
    const wanted = importers.get(room) ?? new Map<string, string>();
    const has = exportsOf(file);
    const missing = [...wanted].filter(([entry]) => has[entry] !== fileOf(room, entry));
    const unused = Object.keys(has).filter((entry) => !wanted.has(entry));
    return [
      ...missing.map(
        ([entry, importer]) =>
          `${file} does not export ${entry}, which ${importer} imports: add "${entry}": "${fileOf(room, entry)}"`,
      ),
      ...unused.map((entry) => `${file} exports ${entry}, which no other room imports: remove it`),
    ];
  });
}

function writeExports(): void {
  const importers = importersOf(modules());
  for (const file of packageFiles()) {
    const room = roomOf(file);
    const wanted = [...(importers.get(room)?.keys() ?? [])].sort();
    const exports = Object.fromEntries(wanted.map((entry) => [entry, fileOf(room, entry)]));
    const { exports: _, ...rest } = read(file);
    const members = Object.entries(rest);
    const at = members.findIndex(([name]) => name === 'scripts' || name === 'dependencies');
    members.splice(at, 0, ['exports', exports]);
    writeFileSync(join(root, file), `${JSON.stringify(Object.fromEntries(members), null, 2)}\n`);
  }
}

if (import.meta.main && process.argv.includes('--write')) writeExports();
