import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { KeptRun } from '../src/demo/kept-run.ts';
import { leave } from '../src/demo/leave.ts';

const job = (name: string, conclusion: 'success' | 'failure', summary: string) => ({
  ...{ apiId: 1, id: name, name, conclusion, summary },
  ...{ outputs: {}, steps: [], annotations: [], log: `${name} logs\n` },
});

const aRun = (title: string, jobs: ReturnType<typeof job>[]): KeptRun => ({
  workflow: 'deliver',
  title,
  result: { runId: 1, attempt: 1, conclusion: 'success', jobs, needs: {}, artifacts: new Map() },
});

test('the demo leaves a file for each run in order, with the summary of each job that wrote one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'td-leave-'));
  try {
    const runs = [
      aRun('Release 1/../x', [job('orders / build', 'success', '### Built\n'), job('settle', 'success', '')]),
      aRun('Release 2', [job('orders / deploy', 'failure', '### Failed\n')]),
    ];
    leave(folder, { evidence: 'e', trust: { schemaVersion: 1, keys: [] }, runs });
    expect(readdirSync(join(folder, 'summaries'))).toEqual([
      '01-deliver-Release-1-x.md',
      '02-deliver-Release-2.md',
    ]);
    const first = readFileSync(join(folder, 'summaries/01-deliver-Release-1-x.md'), 'utf8');
    expect(first).toBe('# orders / build: success\n\n### Built\n');
    expect(readdirSync(join(folder, 'logs'))).toEqual(['orders-build.log', 'settle.log']);
    leave(folder, { evidence: 'e', trust: { schemaVersion: 1, keys: [] }, runs: runs.slice(1) });
    expect(readdirSync(join(folder, 'summaries'))).toEqual(['01-deliver-Release-2.md']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
