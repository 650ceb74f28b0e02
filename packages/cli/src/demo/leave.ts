import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { RunResult } from '@tenant-delivery/local-github';
import type { KeptRun } from './kept-run.ts';

/** What the demo leaves behind to look at. */
export interface Left {
  readonly evidence: string;
  readonly trust: TrustFile;
  readonly runs: readonly KeptRun[];
}

/** Writes `.demo/` again: the summary of each run, the evidence of the first, the keys to verify it with, its logs. */
export function leave(folder: string, { evidence, trust, runs }: Left): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'logs'), { recursive: true });
  mkdirSync(join(folder, 'summaries'));
  for (const [at, { workflow, title, result }] of runs.entries()) {
    const number = String(at + 1).padStart(2, '0');
    writeFileSync(
      join(folder, 'summaries', `${number}-${fileName(`${workflow} ${title}`)}.md`),
      summaryOf(result),
    );
  }
  writeFileSync(join(folder, 'evidence.intoto.jsonl'), evidence);
  writeFileSync(join(folder, 'trust.json'), `${JSON.stringify(trust, null, 2)}\n`);
  for (const job of runs[0]?.result.jobs ?? [])
    writeFileSync(join(folder, 'logs', `${fileName(job.name)}.log`), job.log);
}

/** What the run's page shows, one job below the other. */
function summaryOf({ jobs }: RunResult): string {
  return jobs
    .filter(({ summary }) => summary !== '')
    .map(({ name, conclusion, summary }) => `# ${name}: ${conclusion}\n\n${summary}`)
    .join('\n\n');
}

function fileName(words: string): string {
  return words.replace(/[^\w-]+/g, '-').slice(0, 60);
}
