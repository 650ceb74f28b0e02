import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { scriptScan, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { bundle } from '@tenant-delivery/release/build';
import { answeringAgain, PAGES_OF_FINDINGS } from './answering-again.ts';
import { type Figure, median, round } from './figure.ts';
import type { Took, Work } from './judge-findings.ts';
import { digestOf, scanOf } from './many-findings.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const REPOSITORY = 'acme/orders';
const LATENCY = 200; // milliseconds of each call
const RUNS = 3;

/** Read all pages over HTTP, judge, and write every report, as the bundled gate does. */
export async function findings(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-'));
  try {
    await bundle({ judge: join(import.meta.dirname, 'judge-findings.ts') }, folder);
    const one = await measure(join(folder, 'judge.mjs'), 10_000, 1);
    const half = await measure(join(folder, 'judge.mjs'), 50_000, 8);
    const many = await measure(join(folder, 'judge.mjs'), 100_000, 8);
    return [
      figure('10,000 findings read, judged and rendered', one.milliseconds / 1000, 's', 3.2),
      figure('10,000 findings, peak memory', one.peak, 'MB', 150),
      figure('100,000 findings over 8 children', many.milliseconds / 1000, 's', 10),
      figure('100,000 findings over 8 children, peak memory', many.peak, 'MB', 300),
      figure('100,000 findings / 50,000 findings, time', many.milliseconds / half.milliseconds, 'ratio', 2.2),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figure(name: string, value: number, unit: string, target: number): Figure {
  return { bench: 'findings', figure: name, value: round(value), unit, target };
}

/**
 * The median of a few runs, each in a process of its own against a registry that takes its time. local-aws answers the
 * first run, which does not count; the others get the same bytes again, so that what it costs to write them is no part of it.
 */
async function measure(file: string, count: number, parts: number): Promise<Took> {
  const { aws, work } = await serve(count, parts);
  const again = await answeringAgain(aws.url, LATENCY, PAGES_OF_FINDINGS);
  try {
    const asking = { ...work, url: again.url };
    await once(file, asking);
    const all: Took[] = [];
    for (let run = 0; run < RUNS; run += 1) all.push(await once(file, asking));
    for (const each of all)
      if (each.findings !== count) throw new Error(`${each.findings} of ${count} findings were judged`);
    return {
      milliseconds: median(all.map(({ milliseconds }) => milliseconds)),
      peak: median(all.map(({ peak }) => peak)),
      findings: count,
    };
  } finally {
    again.close();
    await aws.close();
  }
}

/** A registry whose image has so many findings over so many children. */
async function serve(count: number, parts: number): Promise<{ readonly aws: LocalAws; readonly work: Work }> {
  const aws = await startLocalAws({ checkReplies: false });
  const key = aws.addAccount(ACCOUNT);
  const { manifests } = seedRepository(aws.world, ACCOUNT, REGION, REPOSITORY);
  const children = Array.from({ length: parts }, (_, part) => digestOf(`child ${part}`));
  for (const [part, digest] of children.entries()) {
    manifests[digest] = { mediaType: 'application/vnd.oci.image.manifest.v1+json', text: '{}', pushedAt: 0 };
    const image = { account: ACCOUNT, region: REGION, repository: REPOSITORY, digest };
    scriptScan(aws.world, ACCOUNT, digest, [scanOf(image, count / parts, part, Date.now())]);
  }
  const work: Work = {
    url: aws.url,
    key,
    account: ACCOUNT,
    region: REGION,
    repository: REPOSITORY,
    index: digestOf('index'),
    children,
    policy: { limits: limits() },
  };
  return { aws, work };
}

async function once(file: string, work: Work): Promise<Took> {
  const { stdout } = await promisify(execFile)(process.execPath, [file], {
    env: { PATH: process.env['PATH'] ?? '', AWS_ENDPOINT_URL: work.url, WORK: JSON.stringify(work) },
  });
  return JSON.parse(stdout) as Took; // by judge-findings.ts
}

function limits(): Work['policy']['limits'] {
  const none = { value: 0, from: 'floor' } as const;
  return { critical: none, high: none, medium: none, low: none, informational: none, unknown: none };
}
