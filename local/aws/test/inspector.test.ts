import { DescribeImageScanFindingsCommand, ECRClient, StartImageScanCommand } from '@aws-sdk/client-ecr';
import {
  BatchGetFindingDetailsCommand,
  Inspector2Client,
  ListCoverageCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-inspector2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { scriptCoverage, scriptScan, seedRepository, seedScanning } from '../src/services/ecr.ts';
import { ageScan, pushImage } from './an-image.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '000011112222';

let aws: LocalAws;
let ecr: ECRClient;
let inspector: Inspector2Client;

beforeEach(async () => {
  aws = await startLocalAws({ scale: 0.1 });
  const credentials = aws.addAccount(ACCOUNT);
  const options = { region: REGION, endpoint: aws.url, credentials, maxAttempts: 1 };
  [ecr, inspector] = [new ECRClient(options), new Inspector2Client(options)];
  seedRepository(aws.world, ACCOUNT, REGION, 'acme/orders');
  seedScanning(aws.world, ACCOUNT, REGION, 'ENHANCED', 'CONTINUOUS_SCAN');
});

afterEach(async () => {
  ecr.destroy();
  inspector.destroy();
  await aws.close();
});

const here = () => ({ world: aws.world, account: ACCOUNT, region: REGION });

/** Debian 12 with an old C library and an old OpenSSL, and an old package of npm. */
const FILES = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/var/lib/dpkg/status': [
    'Package: libc6\nStatus: install ok installed\nSource: glibc\nVersion: 2.36-9+deb12u1\n',
    'Package: libssl3\nStatus: install ok installed\nSource: openssl\nVersion: 3.0.13-1~deb12u1\n',
    'Package: openssl\nStatus: install ok installed\nVersion: 3.0.13-1~deb12u1\n',
  ].join('\n'),
  '/srv/node_modules/minimist/package.json': '{"name":"minimist","version":"1.2.5"}',
};

const scan = (imageDigest: string, more: object = {}) =>
  ecr.send(
    new DescribeImageScanFindingsCommand({
      repositoryName: 'acme/orders',
      imageId: { imageDigest },
      ...more,
    }),
  );

const coverage = (digest: string) => {
  const value = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/acme/orders/${digest}`;
  const filterCriteria = { resourceId: [{ comparison: 'EQUALS' as const, value }] };
  return inspector.send(new ListCoverageCommand({ filterCriteria }));
};

async function scanned(files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const digest = await pushImage(here(), files);
  ageScan(here(), digest, 60_000);
  return digest;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof Error ? thrown.name : 'no error'),
  );

describe('enhanced scanning', () => {
  it('finds packages of the system and of npm, each finding with every package that it is about', async () => {
    const { imageScanStatus, imageScanFindings } = await scan(await scanned());
    expect(imageScanStatus?.status).toBe('ACTIVE');
    expect(imageScanFindings?.findings).toBeUndefined();
    expect(imageScanFindings?.findingSeverityCounts).toEqual({ CRITICAL: 1, HIGH: 3 });
    const rows = imageScanFindings?.enhancedFindings?.map(({ packageVulnerabilityDetails: about }) => [
      about?.vulnerabilityId,
      about?.vulnerablePackages?.map(({ name, packageManager }) => `${packageManager} ${name}`).join(),
    ]);
    expect(rows).toEqual([
      ['CVE-2023-4911', 'OS libc6'],
      ['CVE-2024-2961', 'OS libc6'],
      ['CVE-2024-6119', 'OS libssl3,OS openssl'],
      ['CVE-2021-44906', 'NODEPKG minimist'],
    ]);
  });

  it('begins with empty lists that prove nothing, is over once after a scan on push, and cannot be asked for', async () => {
    seedScanning(aws.world, ACCOUNT, REGION, 'ENHANCED', 'SCAN_ON_PUSH');
    const digest = await pushImage(here(), FILES);
    expect(await scan(digest)).toMatchObject({
      imageScanStatus: { status: 'PENDING' },
      imageScanFindings: { findings: [], enhancedFindings: [] },
    });
    const reasons = async () =>
      (await coverage(digest)).coveredResources?.map(({ scanStatus }) => scanStatus?.reason);
    expect(await reasons()).toEqual(['PENDING_INITIAL_SCAN']);
    ageScan(here(), digest, 60_000);
    expect((await scan(digest)).imageScanStatus?.status).toBe('COMPLETE');
    expect(await reasons()).toEqual(['SCAN_FREQUENCY_SCAN_ON_PUSH']);
    const started = new StartImageScanCommand({
      repositoryName: 'acme/orders',
      imageId: { imageDigest: digest },
    });
    expect(await codeOf(ecr.send(started))).toBe('ValidationException');
  });

  it('hides what basic scanning found before, until the registry is set back', async () => {
    seedScanning(aws.world, ACCOUNT, REGION, 'BASIC', 'SCAN_ON_PUSH');
    const digest = await scanned();
    seedScanning(aws.world, ACCOUNT, REGION, 'ENHANCED', 'CONTINUOUS_SCAN');
    expect(await codeOf(scan(digest))).toBe('ScanNotFoundException');
    expect((await coverage(digest)).coveredResources).toEqual([]);
    seedScanning(aws.world, ACCOUNT, REGION, 'BASIC', 'SCAN_ON_PUSH');
    expect((await scan(digest)).imageScanFindings?.findings).toHaveLength(3);
  });

  it('does not cover an image whose system it does not know, and says so', async () => {
    const digest = await scanned({ '/app': 'x' });
    expect((await scan(digest)).imageScanStatus?.status).toBe('UNSUPPORTED_IMAGE');
    const [row] = (await coverage(digest)).coveredResources ?? [];
    expect(row?.scanStatus).toEqual({ statusCode: 'INACTIVE', reason: 'UNSUPPORTED_OS' });
  });

  it('comes in pages', async () => {
    const digest = await scanned();
    const first = await scan(digest, { maxResults: 3 });
    const second = await scan(digest, { maxResults: 3, nextToken: first.nextToken });
    const lengths = [first, second].map((page) => page.imageScanFindings?.enhancedFindings?.length);
    expect([...lengths, second.nextToken]).toEqual([3, 1, undefined]);
  });

  it('plays a script: complete and empty too early, and a coverage that is still outstanding', async () => {
    const digest = await scanned();
    scriptScan(aws.world, ACCOUNT, digest, [
      { kind: 'status', status: 'COMPLETE', enhancedFindings: [] },
      { kind: 'as-it-is' },
    ]);
    scriptCoverage(aws.world, ACCOUNT, digest, [
      { kind: 'covered', statusCode: 'ACTIVE', reason: 'PENDING_INITIAL_SCAN' },
      { kind: 'as-it-is' },
    ]);
    const early = await scan(digest);
    expect(early.imageScanFindings).toEqual({ enhancedFindings: [], findingSeverityCounts: {} });
    expect((await coverage(digest)).coveredResources?.[0]?.scanStatus?.reason).toBe('PENDING_INITIAL_SCAN');
    expect((await scan(digest)).imageScanFindings?.enhancedFindings).toHaveLength(4);
    expect((await coverage(digest)).coveredResources?.[0]?.scanStatus?.reason).toBe('SUCCESSFUL');
  });
});

const NOTHING = `arn:aws:inspector2:eu-west-1:000011112222:finding/${'0'.repeat(32)}`;

describe('Amazon Inspector', () => {
  it('knows how likely an exploit is and what is exploited, which the rows of ECR lack', async () => {
    const digest = await scanned();
    const filterCriteria = { ecrImageHash: [{ comparison: 'EQUALS' as const, value: digest }] };
    const { findings } = await inspector.send(new ListFindingsCommand({ filterCriteria }));
    expect(findings?.map(({ epss }) => epss?.score)).toEqual([0.62, 0.93, 0.02, 0.01]);
    const findingArns = (findings ?? []).map(({ findingArn }) => findingArn ?? '');
    const details = await inspector.send(
      new BatchGetFindingDetailsCommand({ findingArns: [...findingArns, NOTHING] }),
    );
    expect(details.findingDetails?.map(({ cisaData }) => cisaData?.dateAdded)).toEqual([
      new Date('2023-11-21'),
      undefined,
      undefined,
      undefined,
    ]);
    expect(details.errors).toMatchObject([{ findingArn: NOTHING, errorCode: 'FINDING_DETAILS_NOT_FOUND' }]);
  });

  it('refuses more findings at once than it takes, and a filter that is not played here', async () => {
    const findingArns = Array.from({ length: 11 }, (_, n) => `arn:${n}`);
    expect(await codeOf(inspector.send(new BatchGetFindingDetailsCommand({ findingArns })))).toBe(
      'ValidationException',
    );
    const filterCriteria = { title: [{ comparison: 'EQUALS' as const, value: 'x' }] };
    expect(await codeOf(inspector.send(new ListFindingsCommand({ filterCriteria })))).toBe('NotImplemented');
  });
});
