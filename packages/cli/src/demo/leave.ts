import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { RunResult } from '@tenant-delivery/local-github';

/** What the demo leaves behind to look at. */
export interface Left {
  readonly evidence: string;
  readonly trust: TrustFile;
  readonly result: RunResult;
}

/** Writes `.demo/` anew: the summary, the evidence, the keys to verify it with, and the log of each job. */
export function leave(folder: string, { evidence, trust, result }: Left): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(
    join(folder, 'summary.md'),
    result.jobs.map((job) => `# ${job.name}\n\n${job.summary}`).join('\n\n'),
  );
  writeFileSync(join(folder, 'evidence.intoto.jsonl'), evidence);
  writeFileSync(join(folder, 'trust.json'), `${JSON.stringify(trust, null, 2)}\n`);
  for (const job of result.jobs)
    writeFileSync(join(folder, 'logs', `${job.name.replace(/[^\w-]+/g, '-')}.log`), job.log);
}
