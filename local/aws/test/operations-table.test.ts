import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { operationsPage, PAGE, rows } from '../tools/operations-table.ts';

/** All but the last column, which every new suite changes. */
const withoutSuites = (page: string) => page.replace(/\| \d+ \|$/gm, '|');

test('the page of operations is what the code says', async () => {
  expect(withoutSuites(readFileSync(PAGE, 'utf8'))).toBe(withoutSuites(await operationsPage())); // else npm run models
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

test('every operation that a shipped action calls is held to something', async () => {
  const root = join(import.meta.dirname, '../../..');
  const called = globSync('packages/aws/src/**/*-sdk.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\b([A-Z]\w+)Command\b/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  const table = await rows();
  expect(called.length).toBeGreaterThan(80);
  const bare = called.filter((name) => {
    const row = table.find(({ operation }) => operation.endsWith(`:${name}`));
    return !row || (row.types === 0 && !NO_INPUT.includes(name));
  });
  expect(bare).toEqual([]);
});
