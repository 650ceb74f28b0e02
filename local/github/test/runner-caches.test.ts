import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  actionFiles,
  conclusionsOf,
  linesOf,
  type RunnerWorld,
  startRunnerWorld,
} from './fixtures/runner-world.ts';

// @actions/cache, the library under actions/cache, judges our cache service from inside a workflow.

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const LIBRARY = import.meta.resolve('@actions/cache');

/** A job that restores, changes the folder, and saves. */
const job = (name: string, key: string, others: string, needs = '') => `
  ${name}:
    runs-on: x
    ${needs}
    steps:
      - uses: actions/checkout@${'0'.repeat(40)}
      - { id: ${name}-restore, uses: ./actions/cache, with: { library: '${LIBRARY}', do: restore, key: ${key}, restore-keys: '${others}' } }
      - id: ${name}-look
        run: |
          echo "\${{ steps.${name}-restore.outputs.found }}: $(cat kept/file 2> /dev/null || echo empty)"
          mkdir -p kept; echo "of ${name}" > kept/file
      - { id: ${name}-save, uses: ./actions/cache, with: { library: '${LIBRARY}', do: save, key: ${key} } }`;

const workflow = (...jobs: readonly string[]) =>
  `name: CI\non: [push, issue_comment]\npermissions: { contents: read }\njobs:${jobs.join('')}\n`;

test('the official library saves, restores, finds by restore keys, and changes no cache that is there', async () => {
  const result = await world.run(
    workflow(
      job('one', 'deps-1', ''),
      job('two', 'deps-1', '', 'needs: one'),
      job('three', 'deps-2', 'deps-', 'needs: two'),
    ),
    { files: await actionFiles('cache') },
  );
  expect(conclusionsOf(result)).toEqual({ one: 'success', two: 'success', three: 'success' });
  expect(linesOf(result, 'one-look')).toEqual(['nothing: empty']);
  expect(linesOf(result, 'two-look')).toEqual(['deps-1: of one']);
  expect(linesOf(result, 'two-save').join('\n')).toContain('Unable to reserve cache with key deps-1');
  expect(linesOf(result, 'three-look')).toEqual(['deps-1: of one']);
  const [entries] = [...world.github.world.caches.entries.values()];
  expect(entries?.map(({ key, finished, scope }) => [key, finished, scope])).toEqual([
    ['deps-1', true, 'refs/heads/main'],
    ['deps-2', true, 'refs/heads/main'],
  ]);
});

test('scripts get nothing of it, also inside of a composite action, and no log has the token', async () => {
  const asks = 'env | grep -c -e ACTIONS_RUNTIME -e ACTIONS_RESULTS -e ACTIONS_CACHE || true';
  const composite = `name: Wrap\ndescription: x\nruns: { using: composite, steps: [{ shell: bash, run: '${asks}' }] }\n`;
  const action = `name: Env\ndescription: x\nruns: { using: node24, main: main.mjs }\n`;
  const names = ['RUNTIME_URL', 'RUNTIME_TOKEN', 'RESULTS_URL', 'CACHE_SERVICE_V2'];
  const main = `for (const name of ${JSON.stringify(names)}) console.log(name, process.env['ACTIONS_' + name]);`;
  const result = await world.run(
    `name: CI
on: push
permissions: { contents: read }
jobs:
  env:
    runs-on: x
    steps:
      - uses: actions/checkout@${'0'.repeat(40)}
      - { id: script, run: '${asks}' }
      - { id: composite, uses: ./wrap }
      - { id: node, uses: ./node }
`,
    { files: { 'wrap/action.yml': composite, 'node/action.yml': action, 'node/main.mjs': main } },
  );
  expect(linesOf(result, 'script')).toEqual(['0']);
  expect(linesOf(result, 'composite').at(-1)).toBe('0');
  const { url } = world.github;
  expect(linesOf(result, 'node')).toEqual([
    `RUNTIME_URL ${url}/`,
    'RUNTIME_TOKEN ***',
    `RESULTS_URL ${url}/`,
    'CACHE_SERVICE_V2 True',
  ]);
});

test('a run that anybody may start warns that it may not save, and goes on', async () => {
  const result = await world.run(workflow(job('one', 'deps-1', '')), {
    files: await actionFiles('cache'),
    event: 'issue_comment',
  });
  expect(conclusionsOf(result)).toEqual({ one: 'success' });
  expect(linesOf(result, 'one-save').join('\n')).toContain('cache write denied:');
});
