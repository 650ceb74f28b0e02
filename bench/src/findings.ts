import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EnhancedImageScanFinding } from '@aws-sdk/client-ecr';
import type { Digest } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { scriptScan, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { bundle } from '@tenant-delivery/release/build';
import { answeringAgain } from './answering-again.ts';
import { type Figure, median, round } from './figure.ts';
import type { Took, Work } from './judge-findings.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const REPOSITORY = 'acme/orders';
const LATENCY = 200; // milliseconds of each call
const RUNS = 3;
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED'];

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
  const again = await answeringAgain(aws.url, LATENCY);
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
    const enhancedFindings = Array.from({ length: count / parts }, (_, n) => row(part, n));
    const counts: Record<string, number> = {}; // given, so that the registry need not count them for each page
    for (const { severity = '' } of enhancedFindings) counts[severity] = (counts[severity] ?? 0) + 1;
    scriptScan(aws.world, ACCOUNT, digest, [
      { kind: 'status', status: 'ACTIVE', enhancedFindings, completedAt: Date.now(), counts },
    ]);
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

function digestOf(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** A finding of enhanced scanning with every member that AWS's own example has, of about 2.3 kB; no two are alike. */
function row(part: number, n: number): EnhancedImageScanFinding {
  const cve = `CVE-2026-${part}${String(n).padStart(6, '0')}`;
  const name = `package-${n % 700}`;
  const at = new Date(Date.UTC(2026, 9, 1) + (n % 5_000) * 60_000);
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const hash = digestOf(`child ${part}`);
  const arn = `arn:aws:inspector2:${REGION}:${ACCOUNT}:finding/${digestOf(cve).slice(7, 39)}`;
  return {
    awsAccountId: ACCOUNT,
    description: `${cve}: ${'what an attacker can do with it, said at the usual length. '.repeat(8)}`,
    findingArn: arn,
    firstObservedAt: at,
    lastObservedAt: at,
    updatedAt: at,
    type: 'PACKAGE_VULNERABILITY',
    title: `${cve} - ${name}`,
    severity: SEVERITIES[n % SEVERITIES.length] ?? 'HIGH',
    status: 'ACTIVE',
    score: 9.8,
    scoreDetails: {
      cvss: { adjustments: [], score: 9.8, scoreSource: 'NVD', scoringVector: vector, version: '3.1' },
    },
    fixAvailable: 'YES',
    exploitAvailable: 'NO',
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [
      {
        id: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${REPOSITORY}/${hash}`,
        type: 'AWS_ECR_CONTAINER_IMAGE',
        tags: {},
        details: {
          awsEcrContainerImage: {
            architecture: 'amd64',
            imageHash: hash,
            imageTags: ['v1'],
            platform: 'DEBIAN_12',
            pushedAt: at,
            registry: ACCOUNT,
            repositoryName: REPOSITORY,
          },
        },
      },
    ],
    packageVulnerabilityDetails: {
      vulnerabilityId: cve,
      source: 'DEBIAN_CVE',
      sourceUrl: `https://security-tracker.debian.org/tracker/${cve}`,
      vendorSeverity: 'not yet assigned',
      vendorCreatedAt: at,
      vendorUpdatedAt: at,
      relatedVulnerabilities: [`GHSA-${part}-${n}`],
      referenceUrls: [`https://nvd.nist.gov/vuln/detail/${cve}`, `https://vendor.example/advisories/${cve}`],
      cvss: [{ baseScore: 9.8, scoringVector: vector, source: 'NVD', version: '3.1' }],
      vulnerablePackages: [
        {
          arch: 'AMD64',
          epoch: 0,
          fixedInVersion: `1.${n % 90}.4`,
          name,
          packageManager: n % 3 === 0 ? 'NODEPKG' : 'OS',
          release: '1+deb12u1',
          version: `1.${n % 90}.3`,
          sourceLayerHash: digestOf(`layer ${n % 9}`),
          ...(n % 3 === 0 && { filePath: `app/node_modules/${name}/package.json` }),
        },
      ],
    },
  };
}
