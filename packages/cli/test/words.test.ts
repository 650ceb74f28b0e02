import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { localKeys } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { run } from '../src/run.ts';

let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'words-'));
  mkdirSync(join(cwd, '.github/workflows'), { recursive: true });
  writeFileSync(join(cwd, 'notes.md'), '# Notes\n\nNo evidence.\n');
  writeFileSync(
    join(cwd, '.github/workflows/hello.yml'),
    'on: push\njobs:\n  hello:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo hello\n',
  );
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function type(...args: readonly string[]) {
  const printed: string[] = [];
  const say = (line: string) => printed.push(line);
  const exit = await run(args, {
    cwd,
    env: {},
    out: say,
    err: say,
    interrupted: new AbortController().signal,
  });
  return { exit, first: printed.join('\n').split('\n')[0], printed: printed.join('\n') };
}

describe('a wrong word', () => {
  test.each([
    [['demmo'], 'tenant-delivery has no command "demmo"; did you mean demo?'],
    [['demo', '--al'], 'There is no option --al; did you mean --all?'],
    [['local', 'down'], 'Say up: it is all that local does.'],
    [['local', 'up', '--scale', 'fast'], '--scale is "fast": give a whole number from 1 to 1000.'],
    [
      ['local', 'up', '--runtime', 'podman'],
      '--runtime is "podman": give one of process, docker, simulated.',
    ],
    [
      ['contract'],
      'Say what to do with the contract: init, lint, status, diff, changes, sizes, matrix, render, complete, in-force, sign, publish or history.',
    ],
    [['contract', 'lnt'], 'There is no contract "lnt"; did you mean lint?'],
    [['contract', 'lint', 'none.yaml'], 'none.yaml cannot be read: there is no such file.'],
    [['contract', 'publish', 'none', '--vault', 'v'], 'none cannot be read: there is no such file.'],
    [['verify-evidence', '.', '--trust', 'notes.md'], '. cannot be read: it is a folder.'],
    [['verify-evidence', 'notes.md', '--trust', 'notes.md'], 'notes.md is not a trust file: it is not JSON.'],
    [['verify-evidence', 'notes.md', '--trst', 'x'], 'There is no option --trst; did you mean --trust?'],
    [['verify-evidence', 'notes.md', '--trust'], "Option '--trust <value>' argument missing"],
    [['run-workflow', 'none.yml'], 'This folder has no none.yml.'],
  ])('%j is answered in one sentence, with the usage', async (words, sentence) => {
    const { exit, first, printed } = await type(...words);
    expect([exit, first]).toEqual([2, sentence]);
    expect(printed).toMatch(/\nUsage: tenant-delivery /);
  });

  test.each(['demo', 'local', 'run-workflow', 'contract', 'verify-evidence'])(
    'help is given for %s',
    async (command) => {
      expect(await type(command, '--help')).toMatchObject({
        exit: 0,
        first: expect.stringMatching(`^Usage: tenant-delivery ${command} `),
      });
    },
  );
});

test('a file that is no evidence is called so once, not once a line', async () => {
  writeFileSync(join(cwd, 'trust.json'), JSON.stringify(localKeys().trust));
  const { exit, printed } = await type('verify-evidence', 'notes.md', '--trust', 'trust.json');
  expect(exit).toBe(1);
  expect(printed.match(/is not a DSSE envelope/g)).toHaveLength(1);
});

test('run-workflow runs a workflow of the folder on a push, and prints its steps', async () => {
  const { exit, printed } = await type('run-workflow', '.github/workflows/hello.yml');
  expect(printed).toMatch(/✓ Run echo hello/);
  expect(exit).toBe(0);
});
