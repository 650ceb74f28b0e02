import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ecrLifecycle } from '@tenant-delivery/aws/ecr/lifecycle';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { inspectorEnrichment } from '@tenant-delivery/aws/inspector/enrichment';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { run as type } from '@tenant-delivery/cli/run';
import { ACME } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type Digest, HOUR } from '@tenant-delivery/domain';
import { awaitInspections } from '@tenant-delivery/findings/await-inspections';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { mergeFindings } from '@tenant-delivery/findings/merge';
import { countFindings } from '@tenant-delivery/findings/policy';
import type { Inspections } from '@tenant-delivery/findings/ports';
import { readGateInputs } from '@tenant-delivery/gate-on-ecr-findings/inputs';
import { runAlone } from '@tenant-delivery/gate-on-ecr-findings/run-alone';
import { openAlone } from '@tenant-delivery/gate-on-ecr-findings/world';
import { type LocalAws, type RecordedCall, startLocalAws } from '@tenant-delivery/local-aws';
import {
  copyImage,
  ecrState,
  type ScanStep,
  scriptCoverage,
  scriptScan,
  seedBaseImages,
  seedRepository,
  seedScanning,
} from '@tenant-delivery/local-aws/services/ecr';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { actAsLocalCopy } from '../stage/local-copy.ts';

const { account, region } = ACME;
const NAME = 'acme/orders';

const manual = manualClock();
/** Time passes while somebody waits, and by no machine's speed. */
const clock = {
  now: () => manual.now(),
  sleep: (milliseconds: number, signal?: AbortSignal) => manual.advance(milliseconds, signal),
};
let aws: LocalAws;
let old: Digest;
let current: Digest;

actAsLocalCopy();
beforeAll(async () => {
  aws = await startLocalAws({ clock: manual });
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  const base = await seedBaseImages(aws.world, account, region);
  const { repositories } = ecrState(aws.world, account, region);
  const from = repositories['base/node'];
  if (!from) throw new Error('there are no base images');
  const to = seedRepository(aws.world, account, region, NAME);
  old = copyImage(aws.world, from, to, base.old) as Digest; // a digest of the registry
  current = copyImage(aws.world, from, to, base.current) as Digest;
});
afterAll(() => aws.close());
afterEach(() => {
  scriptScan(aws.world, account, '*', []);
  scriptCoverage(aws.world, account, '*', []);
  aws.mend();
});

function session() {
  const key = aws.addAccount(account);
  const credentials = async () => ({ ...key, sessionToken: '', expiration: new Date('2099-01-01') });
  const base = { region, local: true, scale: Number.MAX_SAFE_INTEGER, userAgent: 'test' };
  return {
    target: ACME,
    clock,
    clientConfig: (_: unknown, attempts?: number) => clientConfig(base, credentials, attempts),
  };
}

interface Waited {
  readonly children: readonly InspectedChild[];
  readonly log: readonly string[];
}

/** Waits as the gate does, and says what the image came to. */
async function wait(
  digest: Digest,
  minutes = 15,
  inspections: Inspections = ecrInspections(session()),
): Promise<Waited> {
  const stored = await inspections.image(NAME, digest);
  if (stored === 'absent') throw new Error(`${digest} is absent`);
  const log: string[] = [];
  const options = { clock, deadline: clock.now() + minutes * 60_000, log: (line: string) => log.push(line) };
  return { children: await awaitInspections(inspections, NAME, stored, options), log };
}

/** The image, as if it were for one platform alone. */
function firstChild({ image }: Inspections): Inspections['image'] {
  return async (...asked) => {
    const stored = await image(...asked);
    return stored === 'absent' ? stored : { ...stored, children: stored.children.slice(0, 1) };
  };
}

function enhanced(): void {
  seedScanning(aws.world, account, region, 'ENHANCED', 'CONTINUOUS_SCAN');
  rescan();
}

function basic(): void {
  seedScanning(aws.world, account, region, 'BASIC', 'SCAN_ON_PUSH');
  rescan();
}

/** As if every image were pushed now. */
function rescan(): void {
  const { repositories, scanning } = ecrState(aws.world, account, region);
  for (const { scans, manifests } of Object.values(repositories)) {
    for (const digest of Object.keys(manifests))
      scans[digest] = { startedAt: aws.clock.now(), type: scanning.scanType };
  }
}

const script = (...steps: readonly ScanStep[]) => scriptScan(aws.world, account, '*', steps);
const asItIs: ScanStep = { kind: 'as-it-is' };
const unproven = ({ children }: Waited) => children.map(({ unproven = 'proven' }) => unproven);
/** One for each package: OpenSSL is two packages of Debian. */
const severities = ({ children }: Waited) =>
  countFindings(mergeFindings(children.flatMap(({ findings }) => findings)));

type Row = NonNullable<Extract<ScanStep, { kind: 'status' }>['enhancedFindings']>[number];

function row(n: number, severity: string): Row {
  return {
    findingArn: `arn:aws:inspector2:${region}:${account}:finding/${String(n).padStart(32, '0')}`,
    type: 'PACKAGE_VULNERABILITY',
    severity,
    status: 'ACTIVE',
    packageVulnerabilityDetails: {
      vulnerabilityId: `CVE-2026-${n}`,
      vulnerablePackages: [
        { name: 'openssl', version: '3.0.9', packageManager: 'OS', fixedInVersion: 'NotAvailable' },
      ],
    },
  };
}

describe('where other gates fail open or crash, ours', () => {
  it('waits for the findings behind a COMPLETE with empty lists (aws/aws-sdk#289)', async () => {
    enhanced();
    const early: ScanStep = { kind: 'status', status: 'COMPLETE', enhancedFindings: [] };
    script(early, early, early, asItIs);
    const waited = await wait(old);
    expect(unproven(waited)).toEqual(['proven', 'proven']);
    expect(severities(waited)).toMatchObject({ high: 4, medium: 2 });
  });

  it('denies an image that stays COMPLETE with empty lists while nobody says that it was looked at', async () => {
    enhanced();
    script({ kind: 'status', status: 'COMPLETE', enhancedFindings: [] });
    scriptCoverage(aws.world, account, '*', [{ kind: 'none' }]);
    expect(unproven(await wait(old, 2))[0]).toContain(
      'Amazon Inspector does not list the image as covered yet',
    );
  });

  it('counts 40 UNTRIAGED findings as 40 of unknown severity', async () => {
    enhanced();
    const rows = Array.from({ length: 40 }, (_, n) => row(n, 'UNTRIAGED'));
    script({ kind: 'status', status: 'ACTIVE', enhancedFindings: rows });
    expect(severities(await wait(old))).toMatchObject({ unknown: 40, critical: 0 });
  });

  it('reads every page: the only critical finding is the last of 2,300 rows', async () => {
    enhanced();
    const rows = [...Array.from({ length: 2299 }, (_, n) => row(n, 'LOW')), row(9999, 'CRITICAL')];
    script({ kind: 'status', status: 'ACTIVE', enhancedFindings: rows });
    expect(severities(await wait(current))).toMatchObject({ low: 2299, critical: 1 });
  });

  it('starts a basic scan that nobody made, and waits for an enhanced one, which nobody can start', async () => {
    basic();
    const before = aws.calls.length;
    const begun = () =>
      aws.calls.slice(before).filter(({ operation }) => operation === 'StartImageScan').length;
    script({ kind: 'not-found' });
    expect(unproven(await wait(old, 1))[0]).toContain('has never inspected this image');
    expect(begun()).toBe(2);
    enhanced();
    script({ kind: 'not-found' }, { kind: 'not-found' }, asItIs);
    expect(unproven(await wait(old))).toEqual(['proven', 'proven']);
    expect(begun()).toBe(2);
  });

  it('waits while IN_PROGRESS comes without a findings object, and PENDING with two empty lists', async () => {
    enhanced();
    script(
      { kind: 'status', status: 'PENDING', findings: [], enhancedFindings: [] },
      { kind: 'status', status: 'IN_PROGRESS' },
      asItIs,
    );
    const waited = await wait(old);
    expect(unproven(waited)).toEqual(['proven', 'proven']);
    expect(severities(waited)).toMatchObject({ high: 4 });
  });

  it('waits nothing for a scan that was over a minute ago', async () => {
    enhanced();
    await manual.advance(66_000);
    const before = clock.now();
    expect(unproven(await wait(old))).toEqual(['proven', 'proven']);
    expect(clock.now()).toBe(before);
  });

  it('ends with ACTIVE, for which the waiter of the SDK waits for ever (aws/aws-sdk#288)', async () => {
    enhanced();
    expect((await wait(current)).children.map(({ scan }) => scan)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it.each([
    ['FAILED', 'the inspection failed'],
    ['UNSUPPORTED_IMAGE', 'cannot inspect this kind of image'],
    ['LIMIT_EXCEEDED', 'limit of inspections'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'an empty list says nothing'],
    ['IMAGE_ARCHIVED', 'archived'],
    ['FINDINGS_UNAVAILABLE', 'findings are unavailable'],
    ['SOMETHING_NEW', 'which we do not know'],
  ])('denies an image when the registry says %s with empty lists', async (status, why) => {
    enhanced();
    script({ kind: 'status', status, enhancedFindings: [], counts: {} });
    for (const said of unproven(await wait(current, 1))) expect(said).toContain(why);
  });

  it('takes the scan of a child that an earlier index brought, and not one from before its own push', async () => {
    basic();
    const repository = ecrState(aws.world, account, region).repositories[NAME];
    if (!repository) throw new Error('there is no repository');
    const children = (await wait(current)).children.map(({ digest }) => digest);
    for (const digest of children) repository.scans[digest] = { startedAt: aws.clock.now() - 2 * HOUR };
    expect(unproven(await wait(current, 1))[0]).toContain('older than the push');
    for (const digest of children) {
      const stored = repository.manifests[digest];
      if (stored) repository.manifests[digest] = { ...stored, pushedAt: aws.clock.now() - 3 * HOUR };
    }
    expect(unproven(await wait(current, 1))).toEqual(['proven', 'proven']);
  });

  it('does not take a scan of the other mode for one of this', async () => {
    basic();
    script({
      kind: 'status',
      status: 'COMPLETE',
      enhancedFindings: [row(1, 'LOW')],
      completedAt: Date.UTC(2099, 0, 1),
    });
    expect(unproven(await wait(current, 1))[0]).toContain(
      'set to basic scanning and lists findings of enhanced',
    );
  });

  it('tells which scanner basic scanning is set to', async () => {
    basic();
    const { scanning } = ecrState(aws.world, account, region);
    const inspections = ecrInspections(session());
    scanning.basicVersion = 'CLAIR';
    expect(await inspections.scanner?.()).toBe('CLAIR');
    scanning.basicVersion = 'AWS_NATIVE';
    expect(await inspections.scanner?.()).toBe('AWS_NATIVE');
  });

  it('reads no manifest of an image whose children are known, and still says whether it is there', async () => {
    basic();
    const inspections = ecrInspections(session());
    const read = () => aws.calls.filter(({ operation }) => operation === 'BatchGetImage').length;
    const whole = await inspections.image(NAME, current);
    if (whole === 'absent') throw new Error('there is no image');
    const before = read();
    const known = whole.children.map(({ platform, digest }) => ({ platform, digest }));
    expect(await inspections.image(NAME, current, known)).toEqual({
      pushedAt: whole.pushedAt,
      children: whole.children,
    });
    const nowhere = `sha256:${'0'.repeat(64)}` as const;
    expect(await inspections.image(NAME, nowhere, known)).toBe('absent');
    expect(read()).toBe(before);
  });

  it('denies at once where nothing scans the repository', async () => {
    seedScanning(aws.world, account, region, 'ENHANCED', 'MANUAL');
    const asked = () => aws.calls.filter(({ operation }) => operation === 'DescribeImageScanFindings').length;
    const before = asked();
    expect(unproven(await wait(current))[0]).toContain('nothing scans this repository');
    expect(asked()).toBe(before);
  });

  it('stops at a denied question with the IAM action that is missing, and does not repeat it', async () => {
    enhanced();
    aws.fail({ service: 'ecr', operation: 'DescribeImageScanFindings', nth: 1, times: 9, kind: 'denied' });
    const inspections = ecrInspections(session());
    const before = aws.calls.length;
    const one = { ...inspections, image: firstChild(inspections) }; // a second one may still be asking when the first is refused
    await expect(wait(current, 15, one)).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringContaining('ecr:DescribeImageScanFindings'),
    });
    const asked = aws.calls
      .slice(before)
      .filter(({ operation }) => operation === 'DescribeImageScanFindings');
    expect(asked.map(({ attempts }) => attempts)).toEqual([1]);
  });
});

describe('the coverage of Amazon Inspector', () => {
  it('that may not be asked is asked once, and its place is taken by a longer wait that the log gives', async () => {
    enhanced();
    aws.fail({ service: 'inspector2', operation: 'ListCoverage', nth: 1, times: 99, kind: 'denied' });
    const before = aws.calls.length;
    const waited = await wait(current);
    expect(unproven(waited)).toEqual(['proven', 'proven']);
    expect(waited.log.join()).toContain('inspector2:ListCoverage may not be asked');
    const asked = aws.calls.slice(before).filter(({ operation }) => operation === 'ListCoverage');
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('enrichment', () => {
  const of = async () => mergeFindings((await wait(old)).children.flatMap(({ findings }) => findings));

  it('asks Inspector once for each vulnerability, whatever number of packages and platforms has it', async () => {
    enhanced();
    const findings = await of();
    const before = aws.calls.length;
    const { enriched, troubles } = await inspectorEnrichment(session()).enrich(findings);
    expect(aws.calls.slice(before).map(({ operation }) => operation)).toEqual(['BatchGetFindingDetails']);
    expect(troubles).toEqual([]);
    const epss = findings.map(({ vulnerability }, n) => [vulnerability, enriched[n]?.epss]);
    expect(new Map(epss as [string, number][])).toEqual(
      new Map([
        ['CVE-2023-5363', 0.03],
        ['CVE-2023-5678', 0.01],
        ['CVE-2024-6119', 0.02],
      ]),
    );
    expect(new Set(enriched.map(({ kev }) => kev))).toEqual(new Set(['none']));
  });

  it('that fails leaves everything unknown, and names the IAM action', async () => {
    enhanced();
    const findings = await of();
    aws.fail({
      service: 'inspector2',
      operation: 'BatchGetFindingDetails',
      nth: 1,
      times: 9,
      kind: 'denied',
    });
    aws.fail({ service: 'inspector2', operation: 'ListFindings', nth: 1, times: 9, kind: 'denied' });
    const { enriched, troubles } = await inspectorEnrichment(session()).enrich(findings);
    expect(enriched[0]).toEqual({ epss: 'unknown', kev: 'unknown', exploit: 'no' });
    expect(troubles.join()).toMatch(/inspector2:BatchGetFindingDetails.*inspector2:ListFindings/);
  });

  it('knows nothing of findings of basic scanning', async () => {
    basic();
    const { enriched, troubles } = await inspectorEnrichment(session()).enrich(await of());
    expect(enriched[0]).toEqual({ epss: 'unknown', kev: 'unknown', exploit: 'unknown' });
    expect(troubles.join()).toContain("not Amazon Inspector's");
  });
});

describe('the roles of templates/iam', () => {
  const grantedTo = (role: string) => {
    const file = join(import.meta.dirname, `../../templates/iam/permissions/${role}.json`);
    const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
      Statement: { Action: string | string[] }[];
    }; // our own
    return Statement.flatMap(({ Action }) => Action).filter((action) => /^(ecr|inspector2):/.test(action));
  };
  /** What is asked of the registry in either mode, of an image that was inspected and of one that never was. */
  const askedBy = async (inspections: Inspections, besides = async () => {}) => {
    const before = aws.decisions.length;
    await besides();
    await inspections.scanner?.();
    const never: ScanStep[] = [{ kind: 'not-found' }, { kind: 'not-found' }, asItIs]; // one for each platform
    for (const [mode, steps] of [[enhanced, []] as const, [basic, never] as const]) {
      mode();
      script(...steps);
      const { children } = await wait(old, 15, inspections);
      const found = mergeFindings(children.flatMap(({ findings }) => findings));
      await inspectorEnrichment(session()).enrich(found);
    }
    return new Set(aws.decisions.slice(before).map(({ ask }) => ask.action));
  };
  const known = ['ecr:DescribeRepositories']; // by a preflight

  it('let the gate start a basic scan that nobody made, and grant what it asks and no more', async () => {
    const asked = await askedBy(ecrInspections(session()));
    const granted = grantedTo('gate');
    expect([...asked].filter((action) => !granted.includes(action))).toEqual([]);
    expect(granted.filter((action) => !asked.has(action))).toEqual(known);
  });

  it('let what only reads start none, and it does not ask to', async () => {
    const { start: _, ...reading } = ecrInspections(session());
    const { policy, images } = ecrLifecycle(session(), 'read'); // which only what judges again asks
    const asked = await askedBy(reading, async () => {
      expect(await policy(NAME)).toBeUndefined();
      await images(NAME);
    });
    const granted = grantedTo('read');
    expect([...asked].filter((action) => !granted.includes(action))).toEqual([]);
    expect(granted.filter((action) => !asked.has(action))).toEqual(known);
  });
});

describe('the gate without a contract', () => {
  const calls: RecordedCall[] = [];
  const called = new Set<string>();
  const POLICY = `schemaVersion: 1
medium: unlimited
low: unlimited
informational: unlimited
overrides: { kev: block, unknown: report }
terms: { waivers: { maximumDays: { critical: 30, high: 30 }, approvers: [sre-lee] } }
`;
  const waiver = (id: string) =>
    `  - { id: ${id}, package: pkg:deb/openssl, repositories: [acme/*], reason: It opens no connection., owner: dev-ana, approvedBy: sre-lee, created: ${day(0)}, expires: ${day(20)} }\n`;
  const day = (later: number) => new Date(clock.now() + later * 86_400_000).toISOString().slice(0, 10);

  /** As a job has it whose earlier step put the key of somebody in the account into the environment. */
  async function gate(policy: string, inputs: Readonly<Record<string, string>> = { digest: old }) {
    const given = { contract: 'none', repository: NAME, account, region, 'scan-minutes': '15', ...inputs };
    const { accessKeyId, secretAccessKey } = aws.addAccount(account);
    const env = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const runner = fakeRunner({ inputs: given });
    const request = readGateInputs(runner);
    if (request.kind !== 'alone') throw new Error('this is the gate without a contract');
    const before = aws.calls.length;
    const from = aws.decisions.length;
    const world = await openAlone(runner, env, request.given);
    const told = await runAlone(request.given, {
      ...world,
      clock,
      workspace: { read: async () => ({ kind: 'text', text: policy }) },
      reports: { write: async (name) => name },
    }).catch((thrown: unknown) => thrown);
    calls.push(...aws.calls.slice(before));
    for (const { ask } of aws.decisions.slice(from)) called.add(ask.action);
    return { told, runner };
  }

  it('judges by digest and by tag, in either mode, with waivers or without', async () => {
    basic();
    expect((await gate(POLICY)).told).toMatchObject({ ok: false, reasonCode: 'FINDINGS_OVER_LIMIT' });
    const { told } = await gate(`${POLICY}waivers:\n${waiver('CVE-2023-5363')}`);
    expect(told).toMatchObject({ ok: false, summary: expect.stringContaining('CVE-2023-5363') });
    enhanced();
    const { repositories } = ecrState(aws.world, account, region);
    const repository = repositories[NAME];
    if (!repository) throw new Error('there is no repository');
    repository.tags['main'] = current;
    expect((await gate(POLICY, { tag: 'main' })).told).toMatchObject({ ok: true, outcome: 'gated' });
    repository.resourceTags = { 'tenant-delivery:contract': 'acme/prod' };
    expect((await gate(POLICY)).told).toMatchObject({ code: 'SERVICE_CONTRACTED' });
    delete repository.resourceTags;
    expect((await gate(POLICY, { digest: old, repository: 'acme/nothing' })).told).toMatchObject({
      code: 'REPOSITORY_ABSENT',
    });
  });

  it('covers with one waiver the three packages that one vulnerability is in', async () => {
    enhanced();
    const one = row(1, 'HIGH');
    const vulnerablePackages = ['3.0.9', '3.0.10', '3.0.11'].map((version) => ({
      name: 'openssl',
      version,
      packageManager: 'OS',
      fixedInVersion: 'NotAvailable',
    }));
    const packageVulnerabilityDetails = { vulnerabilityId: 'CVE-2026-1', vulnerablePackages };
    const resources = [{ details: { awsEcrContainerImage: { platform: 'DEBIAN_12' } } }];
    const rows = [{ ...one, resources, packageVulnerabilityDetails }];
    script({ kind: 'status', status: 'ACTIVE', enhancedFindings: rows, counts: { HIGH: 1 } });
    expect((await gate(POLICY)).told).toMatchObject({ ok: false });
    const { told } = await gate(`${POLICY}waivers:\n${waiver('CVE-2026-1')}`);
    expect(told).toMatchObject({ ok: true, facts: { total: 3 } });
  });

  it('is tried before on the images that were pushed last, as their findings are now', async () => {
    basic();
    const { repositories } = ecrState(aws.world, account, region);
    const repository = repositories[NAME];
    if (!repository) throw new Error('there is no repository');
    Object.assign(repository.tags, { before: old, main: current });
    const folder = mkdtempSync(join(tmpdir(), 'tried-'));
    writeFileSync(join(folder, 'policy.yaml'), POLICY);
    await clock.sleep(60_000); // until both are inspected
    const { accessKeyId, secretAccessKey } = aws.addAccount(account);
    const env = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const printed: string[] = [];
    const say = (line: string) => printed.push(line);
    const io = { cwd: folder, env, out: say, err: say, interrupted: new AbortController().signal };
    const words = ['--repository', NAME, '--account', account, '--region', region, '--policy', 'policy.yaml'];
    await type(['policy', 'try', '--last', '9', ...words], io);
    expect(printed).toContain(`${current} allowed`);
    expect(printed.join('\n')).toMatch(new RegExp(`^${old} denied: \\d high finding`, 'm'));
    expect(printed.at(-1)).toBe('1 of 2 denied.');
    rmSync(folder, { recursive: true });
  });

  it('needs what the policy on its page grants, and nothing else', async () => {
    basic();
    script({ kind: 'not-found' }, { kind: 'not-found' }, asItIs); // one for each platform
    await gate(POLICY);
    const starts = calls.filter(({ operation }) => operation === 'StartImageScan');
    expect(starts.map(({ attempts }) => attempts)).toEqual([1, 1]); // a limit of a day is not asked again
    const page = join(import.meta.dirname, '../../actions/gate-on-ecr-findings/README.md');
    const [, text = ''] = /<!-- policy -->\s+```json\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
    const granted: readonly string[] = JSON.parse(text).Statement[0].Action;
    expect([...called].filter((action) => !granted.includes(action))).toEqual([]);
    expect(granted.filter((action) => !called.has(action))).toEqual([]);
  });
});
