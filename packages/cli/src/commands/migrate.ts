import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateWorkflow } from '@tenant-delivery/migration/migrate';
import { PLACEHOLDER, type Release, releaseIn } from '@tenant-delivery/migration/release';
import { reportOf } from '@tenant-delivery/migration/report';
import { survey, tableOf } from '@tenant-delivery/migration/survey';
import type { FileAt } from '@tenant-delivery/migration/workflow';
import { thisRelease, thisTag } from '@tenant-delivery/release/this-release';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { explain, UsageError } from './usage-error.ts';
import { writeGiven } from './write-file.ts';

const USAGE = `Usage: tenant-delivery migrate FILE [--uses OWNER/REPO@REF] [--write]
       tenant-delivery migrate FOLDER
  FILE      a workflow, such as .github/workflows/deploy.yml, or the action.yml of a composite action
  FOLDER    a repository, or a folder with several: prints a table of what can be migrated, and changes nothing
  --uses    where the actions are, such as acme/tenant-delivery@v0.1.0; by default, the release that this command is from
  --write   write the result into FILE; without it, it is printed and FILE stays as it is

The old steps stay above the new ones as comments. The report goes to standard error.
Exit codes: 0 migrated whole, 5 whole once a service is moved from CodeDeploy, 3 in part, 4 nothing to migrate,
1 FILE is no workflow, 2 wrong words.`;

const EXIT = { whole: 0, 'whole after a move': 5, 'in part': 3, nothing: 4, unreadable: 1 } as const;

/** `migrate`: a workflow with our steps in place of those that build, push, scan and deploy with other actions. */
export async function migrate(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { uses: { type: 'string' }, write: { type: 'boolean', default: false } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Name one workflow file, or one folder.');
    const release = values.uses === undefined ? ofThisCommand() : releaseIn(values.uses);
    if (!release) throw new UsageError(`--uses ${values.uses} is not OWNER/REPO@REF.`);
    if (await isFolder(file, io)) {
      if (values.write)
        throw new UsageError(
          `${file} is a folder. --write changes one file: name that, and read its report.`,
        );
      return migrateFolder(file, io);
    }
    const text = await readGivenText(file, io);
    const migration = migrateWorkflow(text, release, filesBeside(resolve(io.cwd, file)));
    io.err(reportOf(file, migration));
    if (migration.outcome === 'unreadable') return EXIT.unreadable;
    if (!values.write) io.out(migration.text.replace(/\n$/, ''));
    else if (migration.text !== text) await writeGiven(file, migration.text, io);
    return EXIT[migration.outcome];
  });
}

/** The release that this command is from, if a provider has made one of its own. */
function ofThisCommand(): Release {
  const ref = thisTag();
  return ref === undefined ? PLACEHOLDER : { repository: thisRelease().repository, ref };
}

/** What cannot be looked at counts as a file: reading it says why. */
async function isFolder(file: string, io: Io): Promise<boolean> {
  return stat(resolve(io.cwd, file)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Files of the repository that a workflow is in. A composite action elsewhere is used from an unknown one. */
function filesBeside(file: string): FileAt {
  const at = file.lastIndexOf('/.github/'); // the last one: a repository may have that name too
  const root = file.slice(0, Math.max(at, 0));
  return (path) => {
    const found = resolve(root, path);
    if (at === -1 || !found.startsWith(`${root}/`)) return undefined;
    try {
      return readFileSync(found, 'utf8');
    } catch {
      return undefined; // the report then names what such a file would say
    }
  };
}

/** What would become of the workflows and composite actions below a folder. */
async function migrateFolder(folder: string, io: Io): Promise<number> {
  const files = await Promise.all(
    (await yamlBelow(resolve(io.cwd, folder))).map(async (file) => ({
      file,
      text: await readFile(join(resolve(io.cwd, folder), file), 'utf8'),
      fileAt: filesBeside(join(resolve(io.cwd, folder), file)),
    })),
  );
  const surveyed = survey(files);
  io.out(tableOf(surveyed));
  const outcomes = surveyed.map(({ migration }) => migration.outcome);
  if (outcomes.includes('in part') || outcomes.includes('unreadable')) return EXIT['in part'];
  if (outcomes.includes('whole after a move')) return EXIT['whole after a move'];
  return outcomes.includes('whole') ? EXIT.whole : EXIT.nothing;
}

/** Paths from the folder. What npm has installed, and what Git keeps, is none of the repository's own. */
async function yamlBelow(root: string, inner = ''): Promise<readonly string[]> {
  const entries = await readdir(join(root, inner), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory())
        return ['.git', 'node_modules'].includes(entry.name) ? [] : yamlBelow(root, path);
      return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}
