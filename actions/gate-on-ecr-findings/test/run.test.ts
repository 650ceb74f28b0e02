import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
  ORDERS_IMAGE,
  ORDERS_MANIFEST,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { inMemoryPromotion, PROOF } from '@tenant-delivery/delivery/test/in-memory-promotion';
import { canonicalJson } from '@tenant-delivery/domain';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { Finding } from '@tenant-delivery/findings/finding';
import type { ScanFloor } from '@tenant-delivery/findings/policy';
import type { Enriched, Inspections } from '@tenant-delivery/findings/ports';
import type { ScanReply } from '@tenant-delivery/findings/scan-reply';
import { verdictSchema } from '@tenant-delivery/findings/verdict';
import type { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { ResolvedService, resolveService } from '@tenant-delivery/tenancy/resolve';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { run } from '../src/run.ts';
import { RECORD } from './image-record.ts';

const OPENSSL: Finding = {
  vulnerability: 'CVE-2026-1',
  severity: 'critical',
  saidSeverity: 'CRITICAL',
  package: 'openssl',
  version: '3.0.11',
  fixedIn: '3.0.15',
  platforms: ['linux/amd64'],
};

interface Registry {
  readonly replies: readonly { readonly reply: ScanReply; readonly findings: readonly Finding[] }[];
  readonly mode?: { readonly type: 'basic' | 'enhanced'; readonly frequency: string };
  readonly absent?: boolean;
  /** The digest of the only child that the registry lists; the image's own when absent. */
  readonly child?: `sha256:${string}`;
  /** What is known of every finding beyond the registry; nothing when absent. */
  readonly known?: Enriched;
  /** Whether no file can be written. */
  readonly full?: boolean;
}

interface Told {
  readonly outcome: Outcome;
  readonly delivery: InMemoryDelivery;
  readonly change: string;
  readonly runner: FakeRunner;
  readonly started: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

async function gate(
  registry: Registry,
  state: 'built' | 'proposed' = 'built',
  documents: Readonly<Record<string, unknown>> = {},
): Promise<Told> {
  const clock = fakeClock();
  const delivery = await inMemoryDelivery({ clock });
  const change = await delivery.bring(state, { documents: { 'image-record': RECORD, ...documents } });
  return judged(registry, delivery, change);
}

async function judged(
  registry: Registry,
  delivery: InMemoryDelivery,
  change: string,
  job: {
    readonly claims?: Partial<JobClaims>;
    /** The files of the commit, and the manifest among them. */
    readonly commit?: Readonly<Record<string, string>>;
    readonly manifest?: string;
    /** The trust file of its release, where that is not a local one. */
    readonly trust?: TrustFile;
    /** What stands before the vault of the delivery. */
    readonly vault?: (vault: Vault) => Vault;
    /** Called when the registry is asked for findings. */
    readonly onInspect?: () => void;
  } = {},
): Promise<Told> {
  const { clock } = delivery;
  const runner = fakeRunner();
  const started: string[] = [];
  const files: Record<string, string> = {};
  let asked = 0;
  const inspections: Inspections = {
    mode: async () => registry.mode ?? { type: 'basic', frequency: 'SCAN_ON_PUSH' },
    image: async (_, digest) =>
      registry.absent
        ? 'absent'
        : {
            pushedAt: clock.now() - 1000,
            children: [{ platform: 'its only platform', digest: registry.child ?? digest }],
          },
    inspect: async () => {
      job.onInspect?.();
      const answer = registry.replies[Math.min(asked, registry.replies.length - 1)];
      asked += 1;
      if (!answer) throw new Error('this test gave no reply');
      return answer;
    },
    start: async (_, digest) => {
      started.push(digest);
    },
  };
  const outcome = await run(
    { ...ACME, change, 'scan-minutes': 15, manifest: job.manifest },
    {
      ...delivery.as('gate', { runner, ...(job.claims && { claims: job.claims }) }),
      vault: job.vault?.(delivery.vault) ?? delivery.vault,
      trust: job.trust ?? { ...delivery.trust, local: true }, // its images are in a registry of this machine
      workspace: {
        read: async (path) => {
          const text = job.commit?.[path];
          return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
        },
      },
      inspections,
      enrichment: {
        enrich: async (findings) => ({
          enriched: findings.map(
            () => registry.known ?? { epss: 'unknown', kev: 'unknown', exploit: 'unknown' },
          ),
          troubles: registry.known ? [] : ['::error::nobody could be asked'],
        }),
      },
      reports: {
        write: async (name, text) => {
          if (registry.full) throw new Error('no space left');
          files[name] = typeof text === 'string' ? text : [...text].join('');
          return `/reports/${name}`;
        },
      },
    },
  );
  return { outcome, delivery, change, runner, started, files };
}

const UNFIXED: Finding = {
  vulnerability: 'CVE-2026-1',
  severity: 'critical',
  saidSeverity: 'CRITICAL',
  package: 'openssl',
  version: '3.0.11',
  purl: 'pkg:deb/debian/openssl@3.0.11',
  platforms: ['linux/amd64'],
};

const WAIVER = {
  id: 'CVE-2026-1',
  package: 'pkg:deb/openssl',
  repositories: ['acme/*'],
  reason: 'The service opens no TLS connection of its own.',
  owner: 'dev-ana',
  approvedBy: 'sre-lee',
  created: '2026-11-20',
  expires: '2026-11-24',
};

/** The gate of a service that asks for this policy, under a floor that lets critical findings be waived for a week. */
async function gateUnder(
  scan: ServiceManifest['scan'],
  registry: Registry,
  given: {
    readonly floor?: Partial<ScanFloor>;
    readonly record?: object;
    /** Findings of the version that was verified last. */
    readonly running?: readonly object[];
  } = {},
): Promise<Told> {
  const manifest = { ...ORDERS_MANIFEST, scan };
  const delivery = await inMemoryDelivery({
    contract: (agreed) => {
      const { prod } = agreed.environments;
      if (!prod) throw new Error('acme has prod');
      const waivers = { maximumDays: { critical: 7 }, approvers: ['sre-lee'] };
      const scanFloor = { ...prod.scanFloor, waivers, ...given.floor };
      return { ...agreed, environments: { prod: { ...prod, scanFloor } } };
    },
  });
  const { target, environment, service } = await delivery.admission();
  const joined = resolveService(target, environment, service, manifest);
  if ('breaches' in joined) throw new Error(JSON.stringify(joined.breaches));
  if (given.running)
    await delivery.bring('closed', {
      documents: { findings: { schemaVersion: 1, findings: given.running } },
    });
  const documents = {
    'image-record': { ...RECORD, ...given.record },
    manifest,
    resolved: joined.resolved,
  };
  return judged(registry, delivery, await delivery.bring('built', { documents }));
}

function complete(findings: readonly Finding[], counted = findings.length): Registry['replies'][number] {
  return {
    reply: {
      status: 'COMPLETE',
      completedAt: Date.UTC(2026, 10, 24, 9, 0, 5),
      listed: findings.length,
      counted,
    },
    findings,
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (thrown: unknown) => (thrown instanceof Failure ? thrown.code : String(thrown)),
  );
}

describe('the gate', () => {
  it('records a signed verdict about the digest that was built, and lets the change go on', async () => {
    const { outcome, delivery, change } = await gate({ replies: [complete([])] });
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated', reasonCode: 'OK' });
    const recorded = await delivery.find(change);
    expect(recorded.state).toBe('gated');
    const verdict = await recorded.document('verdict', verdictSchema);
    expect(verdict).toMatchObject({ decision: 'allow', subject: ORDERS_IMAGE });
    expect(Date.parse(verdict.validUntil) - Date.parse(verdict.evaluatedAt)).toBe(24 * 3_600_000);
    expect([recorded.evidence('vulns'), recorded.evidence('svr')]).not.toContain(undefined);
    const { environment } = await delivery.admission();
    const { scan, scanRules } = await recorded.document('resolved', ResolvedService);
    const judgedBy = [
      { limits: environment.scanFloor },
      { limits: scan, ...(scanRules && { rules: scanRules }) },
    ];
    expect([verdict.floorDigest, verdict.policyDigest]).toEqual(
      judgedBy.map((said) => digestOf(canonicalJson({ schemaVersion: 1, ...said }))),
    );
  });

  it('denies a finding over its limit, names the package that mends it, and ends the change', async () => {
    const { outcome, delivery, change } = await gate({ replies: [complete([OPENSSL])] });
    expect(outcome).toMatchObject({ ok: false, outcome: 'denied', reasonCode: 'FINDINGS_OVER_LIMIT' });
    expect(outcome.remedy).toContain('openssl to 3.0.15');
    const recorded = await delivery.find(change);
    expect(recorded.state).toBe('denied');
    expect([recorded.evidence('vulns') !== undefined, recorded.evidence('svr')]).toEqual([true, undefined]);
  });

  it('is not fooled by a complete inspection whose list is still empty', async () => {
    const premature = complete([], 1);
    const { outcome } = await gate({ replies: [premature, premature, complete([OPENSSL])] });
    expect(outcome).toMatchObject({ ok: false, reasonCode: 'FINDINGS_OVER_LIMIT' });
  });

  it('asks once for an inspection that was never made, and denies when none comes in time', async () => {
    const { outcome, started, runner } = await gate({
      replies: [{ reply: { status: 'SCAN_NOT_FOUND', listed: 0 }, findings: [] }],
    });
    expect(outcome).toMatchObject({ ok: false, outcome: 'denied', reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(started).toHaveLength(1);
    expect(runner.log.filter((line) => line.includes('waiting'))).toHaveLength(1);
  });

  it('denies an inspection that failed, and says why', async () => {
    const failed = {
      reply: { status: 'FAILED', description: 'UnsupportedImageError: no os-release', listed: 0 },
      findings: [],
    };
    const { outcome } = await gate({ replies: [failed] });
    expect(outcome).toMatchObject({ ok: false, reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(outcome.headline).toContain('UnsupportedImageError');
  });

  it.each<[string, Registry]>([
    ['REPOSITORY_NOT_SCANNED', { replies: [], mode: { type: 'basic', frequency: 'CONTINUOUS_SCAN' } }],
    ['REPOSITORY_NOT_SCANNED', { replies: [], mode: { type: 'enhanced', frequency: 'MANUAL' } }],
    ['REPOSITORY_NOT_SCANNED', { replies: [], mode: { type: 'basic', frequency: 'MANUAL' } }],
    ['PLATFORM_GONE', { replies: [], child: `sha256:${'3'.repeat(64)}` }],
    ['IMAGE_ABSENT', { replies: [], absent: true }],
  ])('stops with %s before it judges anything', async (code, registry) => {
    expect(await codeOf(gate(registry))).toBe(code);
  });

  it('does not take its limits from the proposal: what the build key recorded is resolved again', async () => {
    const delivery = await inMemoryDelivery();
    const change = await delivery.find(await delivery.bring('proposed'));
    const resolved = await change.document('resolved', ResolvedService);
    const scan = { ...resolved.scan, critical: { value: 'unlimited', from: 'floor' } };
    const forged = { resolved: { ...resolved, scan } };
    expect(await codeOf(gate({ replies: [complete([OPENSSL])] }, 'built', forged))).toBe('RESOLVED_MISMATCH');
    const looser = { ...ORDERS_MANIFEST, scan: { critical: 1_000_000 } };
    const both = { ...forged, manifest: looser };
    expect(await codeOf(gate({ replies: [complete([OPENSSL])] }, 'built', both))).toBe('RESOLVED_MISMATCH');
  });

  it('judges by the waivers of the manifest, and records who answers for what, until the first of them ends', async () => {
    const { outcome, delivery, change, runner, files } = await gateUnder(
      { critical: 0, waivers: [WAIVER] },
      { replies: [complete([UNFIXED])] },
    );
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated' });
    const verdict = await (await delivery.find(change)).document('verdict', verdictSchema);
    expect(verdict).toMatchObject({
      decision: 'allow',
      validUntil: '2026-11-25T00:00:00.000Z', // before the 24 hours of the contract are over
      waived: [{ vulnerability: 'CVE-2026-1', owner: 'dev-ana', approvedBy: 'sre-lee' }],
    });
    expect(outcome.summary).toMatch(/What is waived[\s\S]*CVE-2026-1[\s\S]*Waivers[\s\S]*dev-ana, sre-lee/);
    expect(runner.outputs).toMatchObject({ 'sarif-file': '/reports/findings.sarif' });
    expect(JSON.parse(files['findings.json'] ?? '')).toMatchObject({
      verdict: { decision: 'allow' },
      findings: [{ effect: 'waived', until: '2026-11-25T00:00:00.000Z', waiver: { owner: 'dev-ana' } }],
    });
  });

  it('lets what the version that runs has too decide nothing, where the floor says so', async () => {
    const registry = { replies: [complete([{ ...UNFIXED, severity: 'high' }])] };
    const running = [{ ...UNFIXED, severity: 'high', effect: 'report' }];
    const floor = { baseline: 'deployed' } as const;
    expect((await gateUnder({}, registry, { floor, running })).outcome.ok).toBe(true);
    expect((await gateUnder({}, registry, { floor, running: [] })).outcome.ok).toBe(false);
    expect((await gateUnder({}, registry, { running })).outcome.ok).toBe(false);
    const tighter = await gateUnder({ baseline: 'none' }, registry, { floor, running });
    expect(tighter.outcome.ok).toBe(false);
    expect(tighter.outcome.summary).toContain('against what runs: none (manifest)');
  });

  it('denies an image whose build tells of packages that are there and in no database, and names them in the verdict', async () => {
    const { digest } = ORDERS_IMAGE;
    const packages = ['openssl', 'zlib1g', 'a', 'b', 'c', 'd'].map((name) => `pkg:deb/debian/${name}@1`);
    const record = { vanished: [{ subject: digest, packages }] };
    const { outcome, delivery, change } = await gateUnder(undefined, { replies: [complete([])] }, { record });
    expect(outcome).toMatchObject({ ok: false, outcome: 'denied', reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(outcome.headline).toMatch(/in no database of the image any more.*openssl.*and 1 more/);
    expect(outcome.remedy).toContain('Keep the databases of packages');
    const verdict = await (await delivery.find(change)).document('verdict', verdictSchema);
    expect(verdict.vanished).toEqual([{ platform: 'linux/amd64', digest, packages }]);
  });

  it('lets such an image pass where the floor and the service answer for images that nothing can inspect', async () => {
    const { digest } = ORDERS_IMAGE;
    const terms = {
      reason: 'Built from nothing.',
      repositories: ['acme/*'],
      maximumDays: 30,
      approvers: ['sre-lee'],
    };
    const allowance = {
      reason: 'Our own base.',
      owner: 'dev-ana',
      approvedBy: 'sre-lee',
      created: '2026-11-20',
      expires: '2026-11-28',
    };
    const record = {
      vanished: [{ subject: digest, packages: ['pkg:deb/debian/zlib1g@1'] }],
      referrers: [{ kind: 'sbom', subject: digest, digest: `sha256:${'5'.repeat(64)}` }],
    };
    const given = { floor: { unscannable: terms }, record };
    const { outcome } = await gateUnder({ unscannable: allowance }, { replies: [complete([])] }, given);
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated' });
    expect(outcome.headline).toContain('dev-ana answers for it');
    const late = { reply: { status: 'IN_PROGRESS', listed: 0 }, findings: [] } as const;
    const unfinished = await gateUnder({ unscannable: allowance }, { replies: [late] }, given);
    expect(unfinished.outcome.outcome).toBe('denied');
  });

  it.each([
    [{ vanished: undefined }, 'an older release made it'],
    [
      { base: [{ reference: 'r/base/node:24' }], layers: { base: [], own: [] } },
      'No layer of r/base/node:24 is in the image',
    ],
  ])('says what no build could tell of such packages', async (record, said) => {
    const { runner, delivery, change } = await gateUnder(undefined, { replies: [complete([])] }, { record });
    expect(runner.log.join('\n')).toContain(said);
    const verdict = await (await delivery.find(change)).document('verdict', verdictSchema);
    expect(verdict.notTold).toEqual([expect.stringContaining(said)]);
  });

  it('allows an image that nothing can inspect only with the SBOM of its build, and says in the verdict who answers', async () => {
    const replies = [{ reply: { status: 'UNSUPPORTED_IMAGE', listed: 0 }, findings: [] }];
    const reason = 'It is one static binary, and has no packages.';
    const terms = { reason, repositories: ['acme/*'], maximumDays: 30, approvers: ['sre-lee'] };
    const { owner, approvedBy, created, expires } = WAIVER;
    const scan = { unscannable: { reason, owner, approvedBy, created, expires } };
    const floor = { unscannable: terms };
    const { digest } = ORDERS_IMAGE;
    const record = { referrers: [{ kind: 'sbom', subject: digest, digest: `sha256:${'5'.repeat(64)}` }] };
    const { outcome, delivery, change } = await gateUnder(scan, { replies }, { floor, record });
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated' });
    expect(await (await delivery.find(change)).document('verdict', verdictSchema)).toMatchObject({
      validUntil: '2026-11-25T00:00:00.000Z', // when the allowance ends
      uninspected: [{ digest, owner: 'dev-ana', approvedBy: 'sre-lee', reason }],
    });
    const without = await gateUnder(scan, { replies }, { floor });
    expect(without.outcome).toMatchObject({ ok: false, reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(without.outcome.headline).toContain('asks for an SBOM of our build');
  });

  it('stops a delivery at a waiver that nobody needs any more, and not the one that mends its finding', async () => {
    const waivers = { maximumDays: { critical: 7 }, approvers: ['sre-lee'], unusedDays: 2 };
    const floor = { waivers };
    const clean = { replies: [complete([])] };
    const stopped = await gateUnder({ waivers: [WAIVER] }, clean, { floor });
    expect(stopped.outcome).toMatchObject({ ok: false, reasonCode: 'WAIVERS_UNUSED' });
    const running = [{ ...UNFIXED, effect: 'waived', waiver: WAIVER }];
    const mended = await gateUnder({ waivers: [WAIVER] }, clean, { floor, running });
    expect(mended.outcome).toMatchObject({ ok: true });
  });

  it('says of the waiver that nearly covered a finding what it lacked', async () => {
    const { outcome, runner } = await gateUnder(
      { waivers: [{ ...WAIVER, package: 'pkg:deb/zlib' }] },
      { replies: [complete([UNFIXED])] },
    );
    expect(outcome).toMatchObject({ ok: false, reasonCode: 'FINDINGS_OVER_LIMIT' });
    expect(runner.log.join('\n')).toContain('does not cover it: it is for pkg:deb/zlib');
  });

  it.each<[string, Enriched | undefined, boolean]>([
    ['listed', { epss: 'none', kev: { added: '2026-11-01' }, exploit: 'yes' }, false],
    ['not listed', { epss: 'none', kev: 'none', exploit: 'no' }, true],
    ['not known to be listed or not', undefined, false],
  ])('asks whether a finding is exploited where a policy wants to know: %s', async (_, known, ok) => {
    const low: Finding = { ...UNFIXED, severity: 'low' };
    const given = { replies: [complete([low])], ...(known && { known }) };
    const { outcome } = await gateUnder({ overrides: { kev: 'block' } }, given);
    expect(outcome.ok).toBe(ok);
  });

  it('stays inside what GitHub shows, and lets no finding write the summary', async () => {
    const hostile = '<img src=x>|`@all`\n::error::owned [x](https://evil.example)';
    const many = Array.from({ length: 3000 }, (_, n) => ({
      ...OPENSSL,
      vulnerability: `CVE-2026-${n}`,
      package: `${hostile}${'é'.repeat(300)}`,
      fixedIn: hostile,
    }));
    const { outcome, runner } = await gate({ replies: [complete(many)] });
    expect(Buffer.byteLength(outcome.summary)).toBeLessThan(1_000_000);
    expect(outcome.summary).toContain('2800 more in `findings.json`');
    expect(outcome.summary).not.toMatch(/<img|\n::|[^&#\d;]@all|\]\(https:/);
    expect(runner.log.filter((line) => line.startsWith('warning: ')).length).toBeLessThan(10);
  });

  it('says what is new, gone and as before against the version that was verified last', async () => {
    const delivery = await inMemoryDelivery();
    const row = (n: number): Finding => ({ ...UNFIXED, severity: 'low', vulnerability: `CVE-2026-${n}` });
    const findings = { schemaVersion: 1, findings: [row(1), { ...row(2), version: '3.0.10' }] };
    const running = await delivery.bring('closed', { documents: { findings } });
    const change = await delivery.bring('built', { documents: { 'image-record': RECORD } });
    const { outcome } = await judged({ replies: [complete([row(2), row(3)])] }, delivery, change);
    expect(outcome.facts).toMatchObject({ since: { change: running, new: 1, fixed: 1, unchanged: 1 } });
    expect(outcome.summary).toContain('1 in an unknown layer');
    expect(outcome.summary).toMatch(/1 new, 1 gone, 1 as before[\s\S]*What is new[\s\S]*CVE-2026-3/);
  });

  it('tells what came with the base image from what the build made, and blames nobody for a layer that it does not know', async () => {
    const [base, own, other] = ['a', 'b', 'c'].map((letter) => `sha256:${letter.repeat(64)}`);
    const record = { ...RECORD, layers: { base: [base], own: [own] } };
    const delivery = await inMemoryDelivery();
    await delivery.bring('closed', { documents: { findings: { schemaVersion: 1, findings: [] } } });
    const change = await delivery.bring('built', { documents: { 'image-record': record } });
    const rows = [base, base, own, other].map((layer, n) => ({
      ...UNFIXED,
      severity: 'low' as const,
      vulnerability: `CVE-2026-${n}`,
      ...(layer && { layer }),
    }));
    const { outcome } = await judged({ replies: [complete(rows)] }, delivery, change);
    expect(outcome.facts).toMatchObject({ since: { new: 4, newBy: { base: 2, own: 1, unknown: 1 } } });
    expect(outcome.summary).toContain(
      "By layer: 2 in the base image's layers, 1 in the image's own, 1 in an unknown layer.",
    );
  });

  it('lets a verdict stand that is recorded, also where no file can be written', async () => {
    const { outcome, runner } = await gate({ replies: [complete([])], full: true });
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated' });
    expect(runner.log).toContain('warning: findings.sarif could not be written: no space left');
  });

  it('looks for the version that runs while the registry is waited for', async () => {
    const delivery = await inMemoryDelivery();
    await delivery.bring('closed', { documents: { findings: { schemaVersion: 1, findings: [] } } });
    const change = await delivery.bring('built', { documents: { 'image-record': RECORD } });
    const inspected = Promise.withResolvers<void>();
    const listing = async (list: () => Promise<readonly string[]>) => {
      await inspected.promise;
      return list();
    };
    const { outcome } = await judged({ replies: [complete([])] }, delivery, change, {
      onInspect: inspected.resolve,
      vault: (vault) => ({
        ...vault,
        list: (prefix, after) =>
          prefix.startsWith('changes/') && !prefix.includes(change)
            ? listing(() => vault.list(prefix, after))
            : vault.list(prefix, after),
      }),
    });
    expect(outcome.summary).toContain('which was verified last: 0 new');
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'records no verdict while document %d that it rests on is not stored',
    async (nth) => {
      const delivery = await inMemoryDelivery();
      const change = await delivery.bring('built', { documents: { 'image-record': RECORD } });
      let stored = 0;
      const create: Vault['create'] = async (key, bytes) => {
        stored += 1;
        if (stored === nth) throw new Error('no answer');
        return delivery.vault.create(key, bytes);
      };
      const gating = judged({ replies: [complete([])] }, delivery, change, {
        vault: (vault) => ({ ...vault, create }),
      });
      await expect(gating).rejects.toThrow('no answer');
      expect((await delivery.find(change)).state).toBe('built');
    },
  );

  it('says that limits were forged before it waits for the registry', async () => {
    const delivery = await inMemoryDelivery();
    const resolved = await (await delivery.find(await delivery.bring('proposed'))).document(
      'resolved',
      ResolvedService,
    );
    const scan = { ...resolved.scan, critical: { value: 'unlimited', from: 'floor' } };
    const change = await delivery.bring('built', {
      documents: { 'image-record': RECORD, resolved: { ...resolved, scan } },
    });
    let asked = 0;
    const onInspect = () => {
      asked += 1;
    };
    expect(await codeOf(judged({ replies: [] }, delivery, change, { onInspect }))).toBe('RESOLVED_MISMATCH');
    expect(asked).toBe(0);
  });

  it('stops with CHANGE_NOT_BUILT when there is no image yet', async () => {
    expect(await codeOf(gate({ replies: [complete([])] }, 'proposed'))).toBe('CHANGE_NOT_BUILT');
  });
});

describe('the gate of what another environment verified', () => {
  const promoted = (source = {}) =>
    inMemoryPromotion({ documents: { ...PROOF, 'image-record': RECORD }, source });

  it('judges the image again, under the limits that hold here, and lets it enter as gated', async () => {
    const { prod, change } = await promoted();
    const { outcome } = await judged({ replies: [complete([])] }, prod, change);
    expect(outcome).toMatchObject({ ok: true, outcome: 'gated' });
    const recorded = await prod.find(change);
    expect(recorded.events.map(({ transition }) => transition.to)).toEqual(['proposed', 'gated']);
    expect(recorded.events.at(-1)?.subject.digest.sha256).toBe(ORDERS_IMAGE.digest.slice('sha256:'.length));
    const verdict = await recorded.document('verdict', verdictSchema);
    expect(verdict.limits).toMatchObject({ medium: 10 }); // prod's; staging allows 50
  });

  it('denies what was allowed there and is over the limits here', async () => {
    const { prod, change } = await promoted();
    const { outcome } = await judged({ replies: [complete([OPENSSL])] }, prod, change);
    expect(outcome).toMatchObject({ ok: false, outcome: 'denied', reasonCode: 'FINDINGS_OVER_LIMIT' });
    expect((await prod.find(change)).state).toBe('denied');
  });

  it('says where the image must be when the registry here does not hold it', async () => {
    const { prod, change } = await promoted();
    const asked = judged({ replies: [], absent: true }, prod, change);
    expect(await codeOf(asked)).toBe('IMAGE_NOT_REPLICATED');
    expect((await prod.find(change)).state).toBe('proposed');
  });

  it('does not ask the registry about a version whose record does not verify', async () => {
    const { prod, change } = await promoted({ environment: 'test' });
    expect(await codeOf(judged({ replies: [] }, prod, change))).toBe('PROMOTION_UNVERIFIED');
  });
});

describe('what the build job recorded is held against what this job sees', () => {
  const SHA = 'f'.repeat(40);
  const refused = async (
    job: Parameters<typeof judged>[3],
    documents: Readonly<Record<string, unknown>> = {},
    released = false,
  ) => {
    const delivery = await inMemoryDelivery();
    const change = await delivery.bring('built', { documents: { 'image-record': RECORD, ...documents } });
    const trusting = { ...job, ...(released && { trust: delivery.trust }) };
    const thrown = await judged({ replies: [complete([])] }, delivery, change, trusting).then(
      ({ outcome }) => outcome,
      (cause: unknown) => cause,
    );
    expect((await delivery.find(change)).state).toBe(thrown instanceof Failure ? 'built' : 'gated');
    return thrown;
  };
  const manifest = '.delivery/service.yaml';
  const yaml = JSON.stringify(ORDERS_MANIFEST); // JSON is YAML

  it.each<[string, Parameters<typeof judged>[3], string]>([
    [
      'another commit',
      { claims: { sha: SHA } },
      `the commit 0123456789abcdef0123456789abcdef01234567, this job's is ${SHA}`,
    ],
    ['another run', { claims: { runId: '9002' } }, "the run 9001, this job's is 9002"],
    ['a manifest that the commit does not have', { manifest, commit: {} }, 'does not exist'],
    [
      'a scan policy that the commit does not have',
      { manifest, commit: { [manifest]: yaml, '.delivery/scan-policy.yaml': 'schemaVersion: 1\nhigh: 0\n' } },
      'is not the one in .delivery/service.yaml',
    ],
    [
      'another manifest',
      { manifest, commit: { [manifest]: JSON.stringify({ ...ORDERS_MANIFEST, scan: { high: 0 } }) } },
      'is not the one in .delivery/service.yaml',
    ],
  ])('%s is refused, and nothing is recorded', async (_, job, said) => {
    expect(await refused(job)).toMatchObject({
      code: 'PROPOSAL_MISMATCH',
      message: expect.stringContaining(said),
    });
  });

  it('the same commit, run and manifest go on', async () => {
    expect(await refused({ manifest, commit: { [manifest]: yaml } })).toMatchObject({ outcome: 'gated' });
  });

  it('a change of another kind, which may need no approval, is refused where a commit is delivered', async () => {
    const { prod, change } = await inMemoryPromotion();
    const job = { manifest, commit: { [manifest]: yaml } };
    await expect(judged({ replies: [] }, prod, change, job)).rejects.toMatchObject({
      code: 'PROPOSAL_MISMATCH',
      message: expect.stringContaining('it is of the kind promotion'),
    });
  });

  it.each([
    'registry.example/acme/orders',
    '999999999999.dkr.ecr.eu-west-1.amazonaws.com/acme/orders',
    '000011112222.dkr.ecr.eu-west-1.amazonaws.com/other/acme/orders',
  ])('an image in %s is refused', async (repositoryUri) => {
    const image = { ...RECORD.image, repositoryUri };
    expect(await refused({}, { 'image-record': { ...RECORD, image } })).toMatchObject({
      code: 'PROPOSAL_MISMATCH',
      message: expect.stringContaining(repositoryUri),
    });
  });

  it('an image in a registry of this machine is refused by a release that is not local', async () => {
    const { repositoryUri } = RECORD.image;
    expect(repositoryUri).toMatch(/^127\.0\.0\.1:/);
    expect(await refused({}, {}, true)).toMatchObject({
      code: 'PROPOSAL_MISMATCH',
      message: expect.stringContaining(repositoryUri),
    });
  });
});
