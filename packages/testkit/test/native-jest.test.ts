import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** Runs the suites of the fixtures in one process, as `npm test` does, and answers what Jest reports. */
function report(): { readonly numTotalTestSuites: number; readonly testResults: readonly SuiteReport[] } {
  const folder = mkdtempSync(join(tmpdir(), 'td-jest-'));
  try {
    const file = join(folder, 'report.json');
    const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
    const preset = join(import.meta.dirname, '../../../jest.preset.mjs');
    const sequence = join(import.meta.dirname, 'fixtures/by-name.cjs');
    spawnSync(process.execPath, [
      ...[jest, '--config', preset, '--rootDir', join(import.meta.dirname, 'fixtures'), '--runInBand'],
      ...['--testMatch', '**/*-suite.ts', '--testSequencer', sequence, '--json', '--outputFile', file],
    ]);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface SuiteReport {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

test('without virtual machines Jest still fails what fails, names its place, and keeps suites apart', () => {
  const { testResults } = report();
  const suite = (name: string) => testResults.find((each) => each.name.endsWith(`/${name}-suite.ts`));
  const said = (name: string) =>
    suite(name)?.assertionResults.map(({ fullName, status, failureMessages: [message = ''] }) => [
      fullName,
      status,
      /timeout of 100 ms|toEqual|one assertion|thrown by a timer|not awaited|toBe|never ready/.exec(
        message,
      )?.[0],
    ]);
  expect(said('first')).toEqual([
    ['hangs', 'failed', 'timeout of 100 ms'],
    ['expects another', 'failed', 'toEqual'],
    ['expects too little', 'failed', 'one assertion'],
    ['throws later', 'failed', 'thrown by a timer'],
    ['rejects and nobody hears', 'failed', 'not awaited'],
    ['is row a', 'passed', undefined],
    ['is row b', 'failed', 'toBe'],
    ['is known to fail', 'passed', undefined],
    ['a block is not proven', 'failed', 'never ready'],
  ]);
  expect(suite('first')?.message).toContain('first-suite.ts:9:');
  expect(said('next')).toEqual([['finds nothing of the suite before', 'passed', undefined]]);
  expect(suite('lost')?.message).toContain('cannot be loaded');
}, 30_000);
