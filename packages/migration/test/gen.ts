import { writeFileSync } from 'node:fs';
import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { NAMES, workflow } from './corpus.ts';

for (const name of NAMES) {
  const m = migrateWorkflow(workflow(name));
  if (m.outcome === 'unreadable') throw new Error(name + m.mistakes);
  writeFileSync(`test/migrated/${name}.yml`, m.text);
  writeFileSync(`test/migrated/${name}.txt`, `${reportOf(`${name}.yml`, m)}\n`);
}
