import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { told } from './a-job.ts';
import { workflow } from './corpus.ts';

test.each([
  ['', 'it is empty'],
  ['- a\n- b\n', 'it has no members'],
  ['on: push\n', 'neither `jobs`'],
  ['a: 1\n---\nb: 2\n', '2 YAML documents'],
  ['on: push\njobs:\n\tone: 1\n', 'it is not YAML: Tabs are not allowed as indentation'],
  ['on: push\non: pull_request\njobs: {}\n', 'it is not YAML'],
])('what is no workflow is not read: %j', (text, why) => {
  const migration = migrateWorkflow(text);
  expect(migration.outcome).toBe('unreadable');
  expect(reportOf('w.yml', migration)).toContain(why);
});

test('carriage returns and a byte order mark stay, and new lines have what the others have', () => {
  const windows = migrateWorkflow(workflow('33-carriage-returns'));
  const mark = migrateWorkflow(workflow('34-byte-order-mark'));
  if (!('text' in windows) || !('text' in mark)) throw new Error('not read');
  expect(
    windows.text
      .split('\n')
      .slice(0, -1)
      .filter((line) => !line.endsWith('\r')),
  ).toEqual([]);
  expect(mark.text.startsWith('\uFEFF---\n')).toBe(true);
});

test('a job that calls a reusable workflow has nothing to migrate, and the report names the file', () => {
  const text = 'on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/ship.yml\n    secrets: inherit\n';
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'nothing', text });
  expect(told(text)).toContain('calls ./.github/workflows/ship.yml: migrate that file too');
});

test('steps that another job may share stay', () => {
  const text = `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps: &steps
      - run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 . && docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1
  b:
    runs-on: ubuntu-24.04-arm
    steps: *steps
`;
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
  expect(told(text)).toContain('another job may share them');
});
