import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { type Migration, migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { filesBeside, keep, migrated, NAMES, workflow } from './corpus.ts';

type Read = Exclude<Migration, { readonly outcome: 'unreadable' }>;

function read(text: string, name?: string): Read {
  const migration = migrateWorkflow(text, undefined, name === undefined ? undefined : filesBeside(name));
  if (migration.outcome === 'unreadable') throw new Error(migration.mistakes.join('; '));
  return migration;
}

test.each(NAMES)('%s becomes what was agreed, and the report says so', (name) => {
  const migration = read(workflow(name), name);
  if (process.env['MIGRATED'] === 'write')
    keep(name, migration.text, `${reportOf(`${name}.yml`, migration)}\n`);
  const { text, report } = migrated(name);
  expect(migration.text).toBe(text);
  expect(`${reportOf(`${name}.yml`, migration)}\n`).toBe(report);
  expect(parseDocument(migration.text).errors).toEqual([]);
});

test('a file that was migrated whole has nothing left to migrate', () => {
  for (const name of NAMES) {
    const once = read(workflow(name), name);
    if (once.outcome !== 'whole') continue;
    const again = read(once.text);
    expect([name, again.outcome, again.text === once.text]).toEqual([name, 'nothing', true]);
  }
});

test('of forty, all but two with a reason are migrated whole', () => {
  const outcomes = NAMES.map((name) => [name, read(workflow(name), name).outcome] as const);
  expect(outcomes.filter(([, outcome]) => outcome !== 'whole')).toEqual([
    ['23-code-deploy', 'whole after a move'],
    ['35-braces-and-anchors', 'in part'],
  ]);
  expect(outcomes).toHaveLength(40);
});
