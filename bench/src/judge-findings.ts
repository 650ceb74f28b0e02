import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { keepHeapSmall } from '@tenant-delivery/action-kit/small-heap';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { Digest } from '@tenant-delivery/domain';
import { annotationsOf } from '@tenant-delivery/findings/annotations';
import { policyOf } from '@tenant-delivery/findings/effective-policy';
import { judgeImage } from '@tenant-delivery/findings/verdict';
import { summaryOf } from '@tenant-delivery/gate-on-ecr-findings/report';
import { writeReports } from '@tenant-delivery/gate-on-ecr-findings/report-files';
import { verdictOf } from '@tenant-delivery/gate-on-ecr-findings/verdict-of';
import { peakOfMemory } from './peak-of-memory.ts';

/** What the bench hands over: where to ask, as whom, and about which children of an image. */
export interface Work {
  readonly url: string;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly index: Digest;
  readonly children: readonly Digest[];
  readonly policy: Parameters<typeof policyOf>[0];
}

/** One look of the gate, from the first request to the last file, in a process of its own. */
export interface Took {
  readonly milliseconds: number;
  /** The most memory that the process ever held, in MB. */
  readonly peak: number;
  readonly findings: number;
}

async function judge(work: Work): Promise<number> {
  const { account, region, repository, index } = work;
  const credentials = async () => ({ ...work.key, sessionToken: '', expiration: new Date('2099-01-01') });
  const base = { region, local: true, scale: 1, userAgent: 'bench' };
  const session = {
    target: { account },
    clock: { now: Date.now, sleep: async () => {} },
    clientConfig: (_: unknown, attempts?: number) => clientConfig(base, credentials, attempts),
  };
  const inspections = ecrInspections(session);
  const inspected = await Promise.all(
    work.children.map(async (digest, number) => {
      const child = { platform: `linux/arch${number}`, digest };
      const { reply, findings } = await inspections.inspect(repository, child);
      if (reply.torn !== undefined || reply.listed !== reply.counted)
        throw new Error(`the answer is torn: ${reply.torn}`);
      return { ...child, scan: reply.status, findings };
    }),
  );
  const policy = policyOf(work.policy);
  const judgement = judgeImage(inspected, policy, { repository, now: Date.now() });
  const image = { repositoryUri: `registry.example/${repository}`, digest: index };
  const judgedBy = { policy, policyDigest: index, floorDigest: index, findingsDigest: index, hours: 24 };
  const verdict = verdictOf(image, inspected, judgement, judgedBy, Date.now());
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-'));
  try {
    const runner = { output: () => {}, warning: fail } as unknown as Runner; // all that writing the files asks of it
    await writeReports({ runner, reports: reportFolderIn(folder, 'gate-') }, 'chg_bench', verdict, judgement);
    annotationsOf(judgement, 'findings.json');
    summaryOf(verdict, { change: 'chg_bench', judgement, policy: work.policy, document: 'findings.json' });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return judgement.rows.length;
}

function fail(sentence: string): void {
  throw new Error(sentence);
}

keepHeapSmall(); // as the gate does
const started = performance.now();
const findings = await judge(JSON.parse(process.env['WORK'] ?? '') as Work); // by findings.ts
const took: Took = {
  milliseconds: performance.now() - started,
  peak: peakOfMemory(),
  findings,
};
process.stdout.write(JSON.stringify(took));
