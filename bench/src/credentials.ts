import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callRates, type RecordedCall, startLocalAws } from '@tenant-delivery/local-aws';
import { putBucket } from '@tenant-delivery/local-aws/services/s3';
import { startLocalGithub } from '@tenant-delivery/local-github';
import { bundle } from '@tenant-delivery/release/build';
import { type Figure, round } from './figure.ts';
import { ACCOUNT, credentialsOf, REGION, seedAccount, seedGithub } from './five-hundred-credentials.ts';
import { seedJournals } from './journals.ts';
import type { Reported, Reporting } from './report-once.ts';

const BUCKET = `td-vault-acme-prod-${ACCOUNT}`;
const LATENCY = 100; // milliseconds of each call
const SLOW: readonly (readonly [service: string, ...operations: string[]])[] = [
  ['iam', 'ListUsers', 'ListAccessKeys', 'GetAccessKeyLastUsed', 'ListUserTags'],
  ['secretsmanager', 'ListSecrets', 'DescribeSecret', 'ListSecretVersionIds', 'GetSecretValue'],
  ['ecr', 'DescribePullThroughCacheRules'],
  ['cloudtrail', 'LookupEvents'],
  ['s3', 'ListObjectsV2', 'GetObject'],
];

/** A report of all credentials of a tenant over HTTP, in a process of its own, from the first request to the last row. */
export async function credentials(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-'));
  const aws = await startLocalAws({ checkReplies: false });
  const github = await startLocalGithub({ clock: aws.clock });
  const front = await slowly(github.apiUrl);
  try {
    await bundle({ report: join(import.meta.dirname, 'report-once.ts') }, folder);
    const key = aws.addAccount(ACCOUNT);
    const agreed = credentialsOf();
    const keys = seedAccount(aws, agreed);
    const { privateKey } = seedGithub(github, aws.clock.now(), agreed);
    putBucket(aws.world, { name: BUCKET, account: ACCOUNT, region: REGION, versioned: true });
    await seedJournals({ url: aws.url, key, region: REGION, bucket: BUCKET, account: ACCOUNT }, agreed, keys);
    for (const [service, ...operations] of SLOW)
      for (const operation of operations)
        aws.fail({ service, operation, nth: 1, times: 1e9, kind: 'slow', milliseconds: LATENCY });
    aws.enforceThrottling();
    const from = aws.calls.length;
    const work: Reporting = {
      url: aws.url,
      key,
      account: ACCOUNT,
      region: REGION,
      bucket: BUCKET,
      github: front.url,
      app: { id: 77, privateKey },
      credentials: agreed,
    };
    const before = process.cpuUsage();
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'report.mjs')], {
      env: { PATH: process.env['PATH'] ?? '', AWS_ENDPOINT_URL: aws.url, WORK: JSON.stringify(work) },
      maxBuffer: 1e8,
    });
    const took = JSON.parse(stdout) as Reported; // by report-once.ts
    const calls = aws.calls.slice(from);
    const { user, system } = process.cpuUsage(before);
    console.log(
      `processor: ${round(took.busy / 1000)} s of the report, ${round((user + system) / 1_000_000)} s of what it asks`,
    );
    say(took, calls, front.times);
    return [
      figure(`${agreed.length} credentials observed and planned`, took.milliseconds / 1000, 's', 10),
      figure('calls under way at once', took.most, 'calls', 60),
      figure('buckets asked above their published rate', above(calls), 'buckets', 0),
      figure('requests of GitHub in the busiest minute', mostWithin(front.times, 60_000), 'requests', 900),
      figure('credentials that are unknown', took.states['unknown'] ?? 0, 'credentials', 0),
    ];
  } finally {
    await front.close();
    await github.close();
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

function say(
  { states, milliseconds, most }: Reported,
  calls: readonly RecordedCall[],
  asked: readonly number[],
) {
  console.log(`in ${round(milliseconds / 1000)} s, at most ${most} calls at once: ${JSON.stringify(states)}`);
  for (const { bucket, requests, mostPerSecond, published } of callRates(calls))
    console.log(
      `${String(requests).padStart(6)}  ${bucket}, at most ${mostPerSecond} in a second${published ? ` (published: ${published.sustained})` : ''}`,
    );
  console.log(
    `${String(asked.length).padStart(6)}  github, at most ${mostWithin(asked, 1_000)} in a second\n`,
  );
}

/** Requests that were throttled count too. */
function above(calls: readonly RecordedCall[]): number {
  const throttled = calls.filter(({ error, attempts }) => error !== undefined || attempts > 1).length;
  const over = callRates(calls).filter(
    ({ mostPerSecond, published }) => published && mostPerSecond > published.sustained,
  );
  return over.length + (throttled > 0 ? 1 : 0);
}

function mostWithin(times: readonly number[], window: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + window).length));
}

/** The API of local-github, each answer as late as one from far away. */
async function slowly(apiUrl: string) {
  const times: number[] = [];
  const server = createServer(async (request, response) => {
    times.push(performance.now());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    const { authorization = '', accept = '' } = request.headers;
    const { method = 'GET' } = request;
    const answer = await fetch(`${apiUrl}${request.url}`, {
      method,
      headers: { authorization, accept, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
    times,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function figure(name: string, value: number, unit: string, target: number): Figure {
  return { bench: 'credentials', figure: name, value: round(value), unit, target };
}
