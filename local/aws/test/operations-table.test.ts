import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LEAST, type Least, operationsPage, PAGE, rows } from '../tools/operations-table.ts';

/** All but the last column, which every new suite changes. */
const withoutSuites = (page: string) => page.replace(/\| \d+ \|$/gm, '|');

test('the page of operations is what the code says', async () => {
  expect(withoutSuites(readFileSync(PAGE, 'utf8'))).toBe(withoutSuites(await operationsPage())); // else npm run models
});

test('no operation is held to less than before', async () => {
  const least = JSON.parse(readFileSync(LEAST, 'utf8')) as Least; // as npm run models wrote it
  const now = new Map((await rows()).map((row) => [row.operation, row]));
  expect([...now.keys()].filter((operation) => !least[operation])).toEqual([]); // else npm run models
  const fell = Object.entries(least).filter(([operation, [types, constraints, rules]]) => {
    const row = now.get(operation);
    return !row || row.types < types || row.constraints < constraints || row.pages.length < rules;
  });
  expect(fell).toEqual([]); // if that is meant, lower it in operations.json and say why in the commit
});

/** They have no input, so there is nothing to hold them to. */
const NO_INPUT = [
  'DescribeRegionSettings',
  'DescribeRegistry',
  'GetAccountSummary',
  'GetCallerIdentity',
  'GetRegistryScanningConfiguration',
  'GetSigningConfiguration',
  'ListOpenIDConnectProviders',
];

test('every operation that a shipped action calls is held to something, and some suite names it', async () => {
  const root = join(import.meta.dirname, '../../..');
  const called = globSync('packages/aws/src/**/*-sdk.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\b([A-Z]\w+)Command\b/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  const table = await rows();
  expect(called.length).toBeGreaterThan(80);
  const rowsOf = (name: string) => table.filter(({ operation }) => operation.endsWith(`:${name}`));
  const bare = called.filter((name) => {
    const free = rowsOf(name).every(({ constraints, pages }) => constraints + pages.length === 0);
    return free && !NO_INPUT.includes(name);
  });
  expect(bare).toEqual([]);
  expect(called.filter((name) => rowsOf(name).every(({ suites }) => suites === 0))).toEqual([]);
});
