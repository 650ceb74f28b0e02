import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateWorkflow } from '@tenant-delivery/migration/migrate';
import { PLACEHOLDER, releaseIn } from '@tenant-delivery/migration/release';
import { reportOf } from '@tenant-delivery/migration/report';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery migrate FILE [--uses OWNER/REPO@REF] [--write]
  FILE      a workflow, such as .github/workflows/deploy.yml, or the action.yml of a composite action
  --uses    where the actions are, such as acme/tenant-delivery@v0.1.0; without it, you replace OWNER in the result
  --write   write the result into FILE; without it, it is printed and FILE stays as it is

The old steps stay above the new ones as comments. The report goes to standard error.
Exit codes: 0 migrated whole, 3 in part, 4 nothing to migrate, 1 FILE is no workflow, 2 wrong words.`;

const EXIT = { whole: 0, 'in part': 3, nothing: 4, unreadable: 1 } as const;

/** `migrate`: a workflow with our steps in place of those that build, push, scan and deploy with other actions. */
export async function migrate(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { uses: { type: 'string' }, write: { type: 'boolean', default: false } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Name one workflow file.');
    const release = values.uses === undefined ? PLACEHOLDER : releaseIn(values.uses);
    if (!release) throw new UsageError(`--uses ${values.uses} is not OWNER/REPO@REF.`);
    const text = await readGivenText(file, io);
    const migration = migrateWorkflow(text, release);
    io.err(reportOf(file, migration));
    if (migration.outcome === 'unreadable') return EXIT.unreadable;
    if (!values.write) io.out(migration.text.replace(/\n$/, ''));
    else if (migration.text !== text) await writeFile(resolve(io.cwd, file), migration.text);
    return EXIT[migration.outcome];
  });
}
