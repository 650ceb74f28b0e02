import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Digest } from '@tenant-delivery/domain';
import type { Finding } from '@tenant-delivery/findings/finding';
import type { ScanMode } from '@tenant-delivery/findings/ports';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { readGateInputs } from '../src/inputs.ts';
import { runAlone } from '../src/run-alone.ts';

const OLD: Digest = `sha256:${'1'.repeat(64)}`;
const NEW: Digest = `sha256:${'2'.repeat(64)}`;
const HIGH: Finding = {
  vulnerability: 'CVE-2026-1',
  severity: 'high',
  saidSeverity: 'HIGH',
  package: 'openssl',
  version: '3.0.11',
  fixedIn: '3.0.15',
  purl: 'pkg:deb/debian/openssl@3.0.11',
  platforms: ['linux/amd64'],
};
const STRICT = 'schemaVersion: 1\n';
const MILD =
  'schemaVersion: 1\nhigh: unlimited\nmedium: unlimited\nlow: unlimited\ninformational: unlimited\n';

interface Case {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly findings?: readonly Finding[];
  /** The registry's status word; COMPLETE when absent. */
  readonly status?: string;
  readonly mode?: ScanMode;
  readonly tags?: Readonly<Record<string, string>> | 'absent';
  /** What the tag stands for, one answer for each time it is asked; the last stays. */
  readonly digests?: readonly (Digest | 'absent' | 'no repository')[];
  readonly image?: 'absent';
  /** Whether no child of the image is one that a task could run. */
  readonly childless?: true;
  readonly event?: string;
  readonly account?: string;
  readonly arn?: string;
  /** Whether the token may not comment. */
  readonly comments?: 'refused';
}

interface Told {
  readonly told: Outcome | Failure;
  readonly runner: FakeRunner;
  readonly files: Readonly<Record<string, string>>;
  readonly comments: readonly string[];
}

async function gate(story: Case = {}): Promise<Told> {
  const clock = fakeClock();
  const runner = fakeRunner({
    inputs: { contract: 'none', repository: 'shop/cart', digest: OLD, 'scan-minutes': '2', ...story.inputs },
    context: {
      eventName: story.event ?? 'push',
      event: {
        pull_request: {
          number: 7,
          user: { login: 'dev-ana' },
          head: { sha: '1', repo: { id: 1 } },
          base: { sha: '2', repo: { id: 1 } },
        },
      },
    },
  });
  const files: Record<string, string> = {};
  const comments: string[] = [];
  const digests = [...(story.digests ?? [OLD])];
  const findings = story.findings ?? [];
  const at = clock.now();
  const work = async () => {
    const request = readGateInputs(runner);
    if (request.kind !== 'alone') throw new Error('this is the gate without a contract');
    return runAlone(request.given, {
      runner,
      clock,
      region: 'eu-west-1',
      local: false,
      identity: {
        account: story.account ?? '111122223333',
        arn: story.arn ?? 'arn:aws:sts::111122223333:assumed-role/ci/run',
        partition: 'aws',
      },
      workspace: {
        read: async (path) => {
          const text = (story.files ?? { '.delivery/scan-policy.yaml': STRICT })[path];
          return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
        },
      },
      comments: async () => ({
        keep: async (_, number, marker, markdown) => {
          if (story.comments === 'refused') throw new Failure('GITHUB_PERMISSION_MISSING', 'no', 'Grant it.');
          comments.push(`${number} ${marker}\n${markdown}`);
          return 'https://github/comment';
        },
      }),
      repositories: {
        ownTags: async () => story.tags ?? {},
        digestOf: async () => (digests.length > 1 ? digests.shift() : digests[0]) ?? 'absent',
      },
      inspections: {
        mode: async () => story.mode ?? { type: 'basic', frequency: 'SCAN_ON_PUSH' },
        image: async (_, digest) =>
          story.image ?? {
            pushedAt: at - 1000,
            children: story.childless ? [] : [{ platform: 'linux/amd64', digest }],
          },
        inspect: async () => ({
          reply: {
            status: story.status ?? 'COMPLETE',
            completedAt: at,
            listed: findings.length,
            counted: findings.length,
          },
          findings,
        }),
        start: async () => undefined,
      },
      enrichment: { enrich: async () => ({ enriched: [], troubles: [] }) },
      reports: {
        write: async (name, text) => {
          files[name] = typeof text === 'string' ? text : [...text].join('');
          return `/reports/${name}`;
        },
      },
    });
  };
  const told = await work().catch((thrown: unknown) => {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  });
  return { told, runner, files, comments };
}

/** A policy file with one waiver, and what of it is otherwise. */
function waiving(more: Readonly<Record<string, string | undefined>>): NonNullable<Case['files']> {
  const waiver = {
    id: 'CVE-2026-1',
    package: 'pkg:deb/openssl',
    repositories: ['shop/*'],
    reason: 'It opens no connection.',
    owner: 'dev-ana',
    approvedBy: 'sre-lee',
    created: '2026-11-20',
    expires: '2026-11-30',
    ...more,
  };
  const terms = { waivers: { maximumDays: { high: 30 }, approvers: ['sre-lee'] } };
  return { '.delivery/scan-policy.yaml': JSON.stringify({ schemaVersion: 1, terms, waivers: [waiver] }) };
}

const text = ({ told }: Told) => ('headline' in told ? told.headline : told.message);

describe('the gate without a contract', () => {
  it('judges an image of the own account by a policy file, and tells it in outputs, files and the summary', async () => {
    const denied = await gate({ findings: [HIGH] });
    expect(denied.told).toMatchObject({ ok: false, outcome: 'denied', reasonCode: 'FINDINGS_OVER_LIMIT' });
    expect(denied.runner.outputs).toMatchObject({
      decision: 'deny',
      image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@${OLD}`,
      counts: '{"critical":0,"high":1,"medium":0,"low":0,"informational":0,"unknown":0}',
      'sarif-file': '/reports/findings.sarif',
    });
    expect(denied.runner.outputs).not.toHaveProperty('verdict');
    expect(JSON.parse(denied.files['findings.json'] ?? '')).toMatchObject({ verdict: { decision: 'deny' } });
    const allowed = await gate({
      findings: [HIGH],
      files: { 'my.yaml': MILD },
      inputs: { policy: 'my.yaml' },
    });
    expect(allowed.told).toMatchObject({ ok: true, outcome: 'gated', facts: { total: 1 } });
    expect('summary' in allowed.told && allowed.told.summary).toMatch(/high \| 1 \| unlimited \| policy/);
  });

  it('resolves a tag once, and does not judge one that moved while it waited', async () => {
    const inputs = { digest: '', tag: 'main' };
    expect((await gate({ inputs, digests: [OLD] })).told).toMatchObject({ ok: true });
    expect((await gate({ inputs, digests: [OLD, NEW] })).told).toMatchObject({ code: 'TAG_MOVED' });
    expect((await gate({ inputs, digests: [OLD, 'absent'] })).told).toMatchObject({ code: 'IMAGE_ABSENT' });
  });

  it('takes one image as a build or a push names it, and says which digest a tag was', async () => {
    const named = { repository: '', digest: '' };
    const uri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart';
    const tagged = await gate({ inputs: { ...named, image: `${uri}:main`, resolve: 'tag' } });
    expect(tagged.told).toMatchObject({ ok: true });
    expect(tagged.runner.outputs['image']).toBe(`${uri}@${OLD}`);
    expect(tagged.runner.log).toContain(`main is ${uri}@${OLD}`);
    const digested = await gate({ inputs: { ...named, image: `${uri}@${NEW}` } });
    expect(digested.runner.outputs['image']).toBe(`${uri}@${NEW}`);
    const moved = await gate({
      inputs: { ...named, image: 'shop/cart', resolve: 'tag' },
      digests: [OLD, NEW],
    });
    expect(moved.told).toMatchObject({ code: 'TAG_MOVED', message: expect.stringContaining('latest') });
  });

  it.each<[string, string, Case, string]>([
    [
      'a tag that nobody asked to resolve',
      'INPUTS_INVALID',
      { inputs: { repository: '', digest: '', image: 'shop/cart:main' } },
      'image has a tag, which may move',
    ],
    [
      'an image that is named twice',
      'INPUTS_INVALID',
      { inputs: { image: `shop/cart@${OLD}` } },
      'repository, digest are given beside image',
    ],
    [
      'no image',
      'INPUTS_INVALID',
      { inputs: { repository: '', digest: '' } },
      'image is missing: give an image, or `repository`',
    ],
    [
      'a tag beside a digest',
      'INPUTS_INVALID',
      { inputs: { repository: '', digest: '', image: `shop/cart:main@${OLD}`, resolve: 'tag' } },
      'has a tag beside its digest',
    ],
    [
      "an image by tag in another account's registry",
      'IMAGE_ELSEWHERE',
      {
        inputs: {
          ...{ repository: '', digest: '', resolve: 'tag' },
          image: '444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:main',
        },
      },
      '444455556666 in eu-west-1',
    ],
    [
      'a repository that goes while a tag is looked up',
      'REPOSITORY_ABSENT',
      { inputs: { digest: '', tag: 'main' }, digests: ['no repository'] },
      'no repository shop/cart',
    ],
    [
      'a repository under a contract',
      'SERVICE_CONTRACTED',
      { tags: { 'tenant-delivery:contract': 'acme/prod' } },
      'The repository shop/cart is under the contract acme/prod',
    ],
    [
      'a role of our workflows',
      'CLEARANCE_REFUSED',
      { arn: 'arn:aws:sts::111122223333:assumed-role/td-prod-gate/run' },
      'td-prod-gate, a role that works under a contract only',
    ],
    [
      'a repository that is not there',
      'REPOSITORY_ABSENT',
      { tags: 'absent' },
      'no repository shop/cart in the registry of 111122223333',
    ],
    [
      'a repository that nothing scans',
      'REPOSITORY_NOT_SCANNED',
      { mode: { type: 'basic', frequency: 'MANUAL' } },
      'MANUAL',
    ],
    ['a digest that is not there', 'IMAGE_ABSENT', { image: 'absent' }, OLD],
    [
      'a tag that is not there',
      'IMAGE_ABSENT',
      { inputs: { digest: '', tag: 'main' }, digests: ['absent'] },
      'the tag main',
    ],
    [
      'a repository of another account',
      'IMAGE_ELSEWHERE',
      { inputs: { repository: '444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop/cart' } },
      '444455556666 in eu-west-1',
    ],
    [
      'a repository of another region',
      'IMAGE_ELSEWHERE',
      { inputs: { repository: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop/cart' } },
      '111122223333 in eu-central-1',
    ],
    [
      'a registry that is none of ECR',
      'IMAGE_ELSEWHERE',
      { inputs: { repository: 'ghcr.io/shop/cart' } },
      'no registry of ECR',
    ],
    [
      "a registry in another partition's domain",
      'IMAGE_ELSEWHERE',
      { inputs: { repository: '111122223333.dkr.ecr.eu-west-1.amazonaws.com.cn/shop/cart' } },
      'no registry of ECR',
    ],
    ['no policy', 'SCAN_POLICY_NOT_FOUND', { files: {} }, '.delivery/scan-policy.yaml does not exist'],
    [
      'a misspelt policy',
      'SCAN_POLICY_INVALID',
      { files: { '.delivery/scan-policy.yaml': 'schemaVersion: 1\nhihg: 0\n' } },
      'hihg: is not a known key; did you mean high?',
    ],
    [
      'a policy that contradicts itself',
      'SCAN_POLICY_INVALID',
      {
        files: { '.delivery/scan-policy.yaml': `${MILD}critical: 5\n`.replace('high: unlimited', 'high: 1') },
      },
      'critical: allows more than high does',
    ],
    [
      'a waiver that nobody owns',
      'SCAN_POLICY_INVALID',
      { files: waiving({ owner: undefined }) },
      'waivers.0.owner: is missing',
    ],
    [
      'a waiver whose lines slipped out of its list',
      'SCAN_POLICY_INVALID',
      {
        files: {
          '.delivery/scan-policy.yaml': `${MILD}waivers:\n- id: CVE-2026-1\npackage: pkg:deb/openssl\nowner: dev-ana\n`,
        },
      },
      'waivers.0: has no package, repositories, reason, owner, approvedBy, created, expires; package is at the top level instead: indent these lines',
    ],
    [
      'waivers that are no list',
      'SCAN_POLICY_INVALID',
      { files: { '.delivery/scan-policy.yaml': `${MILD}waivers:\n  id: CVE-2026-1\n` } },
      'waivers: must be a list, whose items begin with `- `',
    ],
    [
      'a waiver that lasts for longer than the terms let it',
      'SCAN_POLICY_INVALID',
      { files: waiving({ expires: '2027-02-01' }) },
      'waivers.0.expires: is 74 days long',
    ],
    ['an image without a name', 'INPUTS_INVALID', { inputs: { digest: '' } }, 'digest is missing'],
    [
      'an image with two names',
      'INPUTS_INVALID',
      { inputs: { tag: 'main' } },
      'digest and tag are both given',
    ],
    [
      'an input of a contract',
      'INPUTS_INVALID',
      { inputs: { change: 'x' } },
      'change is given: leave it out, it belongs to a contract',
    ],
  ])('stops at %s with %s', async (_, code, story, says) => {
    const seen = await gate(story);
    expect(seen.told).toMatchObject({ code });
    expect(text(seen)).toContain(says);
    expect([seen.files, seen.runner.outputs['decision']]).toEqual([{}, undefined]);
  });

  it('denies when the inspection is not finished at the deadline, no scanner understands the image, or it has nothing to run', async () => {
    const late = await gate({ status: 'IN_PROGRESS' });
    expect(late.told).toMatchObject({ ok: false, reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(text(late)).toContain('time ran out while the registry says IN_PROGRESS');
    expect(late.told).toMatchObject({ remedy: expect.stringContaining('scan-minutes') });
    const odd = await gate({ status: 'UNSUPPORTED_IMAGE' });
    expect(odd.told).toMatchObject({
      ok: false,
      reasonCode: 'SCAN_NOT_EVIDENCE',
      remedy: expect.stringContaining('unscannable'),
    });
    const none = await gate({ childless: true });
    expect(none.told).toMatchObject({ ok: false, reasonCode: 'NOTHING_TO_INSPECT' });
    expect(text(none)).toContain('no child that a task could run');
    expect([late, odd, none].map(({ runner }) => runner.outputs['decision'])).toEqual([
      'deny',
      'deny',
      'deny',
    ]);
  });

  it('keeps outputs and log small however much was found, and every finding in a file', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({ ...HIGH, vulnerability: `CVE-2026-${n}` }));
    const { runner, files } = await gate({ findings: many });
    expect(JSON.parse(files['findings.json'] ?? '').findings).toHaveLength(3_000);
    expect(JSON.stringify(runner.outputs).length).toBeLessThan(2_000);
    expect(runner.log.join('\n').length).toBeLessThan(10_000);
  });

  it('allows an image that no scanner understands where terms and allowance say so, and says who answers', async () => {
    const policy = `${STRICT}terms:
  unscannable: { reason: Static binaries have no packages., repositories: [shop/*], maximumDays: 30, approvers: [sre-lee], instead: nothing }
unscannable: { reason: It is one static binary., owner: dev-ana, approvedBy: sre-lee, created: 2026-11-20, expires: 2026-12-10 }
`;
    const seen = await gate({ status: 'UNSUPPORTED_IMAGE', files: { '.delivery/scan-policy.yaml': policy } });
    expect(seen.told).toMatchObject({ ok: true, outcome: 'gated' });
    const said =
      'Nothing could inspect linux/amd64, which is allowed because dev-ana answers for it until 2026-12-10.';
    expect(text(seen)).toBe(said);
    expect(seen.runner.log).toContain(`warning: ${said}`);
  });

  it('judges a pull request by the policy of its base branch, and refuses a waiver by its own author', async () => {
    const paths = { policy: 'proposed/policy.yaml', 'base-policy': 'base/policy.yaml' };
    const files = (proposed: string) => ({ 'proposed/policy.yaml': proposed, 'base/policy.yaml': STRICT });
    const asked = (proposed: string) =>
      gate({ event: 'pull_request', inputs: paths, files: files(proposed), findings: [HIGH] });
    const loosened = await asked(MILD);
    expect(loosened.told).toMatchObject({ ok: false, outcome: 'denied' });
    expect(loosened.runner.log.join('\n')).toContain('counts once it is merged');
    const own = await asked(`${STRICT}terms: { waivers: { maximumDays: { high: 30 }, approvers: [dev-ana] } }
waivers:
  - { id: CVE-2026-1, package: "pkg:deb/openssl", repositories: [shop/*], reason: It opens no connection., owner: dev-bo, approvedBy: dev-ana, created: 2026-11-20, expires: 2026-11-30 }
`);
    expect(own.told).toMatchObject({ code: 'SCAN_POLICY_INVALID' });
    expect(text(own)).toContain('waivers.0.approvedBy: is dev-ana, who wrote this pull request');
    const without = await gate({ event: 'pull_request' });
    expect(without.told).toMatchObject({ code: 'INPUTS_INVALID' });
    expect(text(without)).toContain('base-policy is missing');
    const itself = { policy: 'p.yaml', 'base-policy': './p.yaml' };
    const judged = await gate({ event: 'pull_request', inputs: itself, files: { 'p.yaml': MILD } });
    expect(text(judged)).toContain('base-policy is the same file as policy');
  });

  it('keeps one comment on a pull request where it is asked to, inside what GitHub takes, and never fails for it', async () => {
    const paths = { policy: 'p.yaml', 'base-policy': 'base/p.yaml', comment: 'on-failure' };
    const files = { 'p.yaml': STRICT, 'base/p.yaml': STRICT };
    const asked = (story: Case) => gate({ event: 'pull_request', inputs: paths, files, ...story });
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      ...HIGH,
      vulnerability: `CVE-2026-${n}`,
      package: `<img src=x>|${'@all '.repeat(30)}`,
    }));
    const { comments, told } = await asked({ findings: many });
    expect([comments.length, 'ok' in told && told.ok]).toEqual([1, false]);
    expect(comments[0]).toMatch(
      /^7 tenant-delivery:gate:111122223333\/eu-west-1\/shop\/cart\n### Gate: denied/,
    );
    expect(comments[0]?.length).toBeLessThan(65_000);
    expect(comments[0]).toMatch(/\d+ more in `findings\.json`/);
    expect(comments[0]).not.toMatch(/<img|[^;]@all/);
    expect((await asked({})).comments).toEqual([]);
    const refused = await asked({ findings: [HIGH], comments: 'refused' });
    expect(refused.told).toMatchObject({ outcome: 'denied' });
    expect(refused.runner.log.join('\n')).toContain('GITHUB_PERMISSION_MISSING');
  });
});
