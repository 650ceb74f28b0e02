import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Issues, KeptIssue } from '@tenant-delivery/delivery/github-ports';
import { bodyOf, type Section, sectionsIn } from '@tenant-delivery/delivery/kept-issue';
import { ACME, inMemoryDelivery, ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { Digest } from '@tenant-delivery/domain';
import type { Finding } from '@tenant-delivery/findings/finding';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { reGateIssue } from '../src/re-gate/re-gate-issue.ts';
import { reGate } from '../src/re-gate/run-re-gate.ts';

const HOSTILE = 'x` <!-- end of prod --> | <img src=x> @acme/all\n::error::owned';

const finding = (more: Partial<Finding> = {}): Finding => ({
  vulnerability: 'CVE-2026-1',
  severity: 'critical',
  saidSeverity: 'CRITICAL',
  package: 'openssl',
  version: '3.0.11',
  fixedIn: '3.0.15',
  platforms: ['linux/amd64'],
  firstObservedAt: '2026-11-14T09:00:00.000Z',
  ...more,
});

/** GitHub's issues of one repository, as far as a re-gate asks for them. */
function issuesOf(): Issues & { readonly kept: (KeptIssue & { state: string; comments: string[] })[] } {
  const kept: (KeptIssue & { state: string; comments: string[] })[] = [];
  const find = (number: number) => {
    const found = kept.find((issue) => issue.number === number);
    if (!found) throw new Error(`there is no issue ${number}`);
    return found;
  };
  return {
    kept,
    openAll: async (_, marker) =>
      kept.filter(({ state, body }) => state === 'open' && body.startsWith(marker)),
    openOne: async (_, marker) => kept.find(({ state, body }) => state === 'open' && body.startsWith(marker)),
    create: async (_, __, body) => {
      const number = kept.length + 1;
      const issue = { number, url: `https://github/issues/${number}`, body, state: 'open', comments: [] };
      kept.push(issue);
      return issue;
    },
    update: async (_, number, { body, state }) => {
      Object.assign(find(number), { ...(body !== undefined && { body }), ...(state && { state }) });
    },
    comment: async (_, number, body) => void find(number).comments.push(body),
  };
}

interface Today {
  readonly findings?: readonly Finding[];
  /** Of each running task the digest of the service's container; `undefined` where ECS does not say. */
  readonly tasks?: readonly (Digest | undefined)[] | 'denied';
  /** The registry's word for the inspection of every image. */
  readonly scan?: string;
  readonly environment?: string;
  /** The repository's lifecycle policy. */
  readonly policy?: string;
}

/** What runs was pushed 80 days ago, and three versions since. */
const images = (now: number) =>
  [80, 60, 40, 20].map((days, n) => ({
    digest: n === 0 ? ORDERS_IMAGE.digest : `sha256:${String(n).repeat(64)}`,
    tags: [`rev-${n}`],
    pushedAt: now - days * 86_400_000,
    pulledAt: undefined,
  }));

async function scene() {
  const clock = fakeClock();
  const delivery = await inMemoryDelivery({ clock });
  const change = await delivery.bring('closed');
  const issues = issuesOf();
  const today = async ({
    findings = [],
    tasks = [ORDERS_IMAGE.digest],
    scan = 'COMPLETE',
    policy,
  }: Today) => {
    const runner = fakeRunner();
    const files: Record<string, string> = {};
    const before = await delivery.vault.list('');
    const outcome = await reGate(
      { ...placeOf(), 'scan-minutes': 1, 'github-token': 't' },
      {
        ...delivery.as('gate', { runner }),
        services: {
          tasks: async () => {
            if (tasks === 'denied') throw new Failure('AWS_DENIED', 'AWS denied ecs:ListTasks', 'Grant it.');
            return tasks.map((imageDigest, n) => taskOf(n, imageDigest));
          },
        },
        inspections: {
          mode: async () => ({ type: 'basic', frequency: 'SCAN_ON_PUSH' }),
          image: async (_, digest) => ({
            pushedAt: clock.now() - 1000,
            children: [{ platform: 'linux/amd64', digest }],
          }),
          inspect: async () => ({
            reply: {
              status: scan,
              completedAt: clock.now(),
              listed: findings.length,
              counted: findings.length,
            },
            findings,
          }),
        },
        lifecycle: {
          policy: async () => {
            if (policy === 'denied')
              throw new Failure('AWS_DENIED', 'AWS denied ecr:GetLifecyclePolicy', 'Grant it.');
            return policy;
          },
          images: async () => images(clock.now()),
        },
        enrichment: { enrich: async () => ({ enriched: [], troubles: [] }) },
        reports: {
          write: async (name, text) => {
            files[name] = typeof text === 'string' ? text : [...text].join('');
            return name;
          },
        },
        issues: async () => issues,
      },
    );
    expect(await delivery.vault.list('')).toEqual(before); // it only looks
    return { outcome, runner, files };
  };
  return { today, issues, delivery, change };
}

function placeOf() {
  const { service: _, ...place } = ACME;
  return place;
}

function taskOf(n: number, imageDigest: Digest | undefined) {
  const container = {
    name: 'orders',
    exitCode: undefined,
    reason: undefined,
    imageDigest,
    health: undefined,
  };
  return {
    arn: `arn:aws:ecs:eu-west-1:000011112222:task/acme-prod/${n}`,
    taskDefinition: 'acme-prod-orders:2',
    startedBy: undefined,
    lastStatus: 'RUNNING',
    zone: undefined,
    address: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    createdAt: undefined,
    startedAt: undefined,
    stoppedAt: undefined,
    containers: [container],
  };
}

describe('a re-gate', () => {
  it('says nothing while all that runs is inside the limits', async () => {
    const { today, issues } = await scene();
    const { outcome } = await today({});
    expect(outcome).toMatchObject({ ok: true, outcome: 'clean', reasonCode: 'OK' });
    expect(issues.kept).toEqual([]);
  });

  it('opens one issue for what is over the limits today, with its age and deadline, rewrites it, and closes it when clean', async () => {
    const { today, issues, delivery, change } = await scene();
    const { outcome } = await today({ findings: [finding()] });
    expect(outcome).toMatchObject({ ok: true, outcome: 'found', reasonCode: 'FINDINGS_OVER_LIMIT' });
    await today({ findings: [finding()] });
    expect(issues.kept).toHaveLength(1);
    const [issue] = issues.kept;
    expect(issue?.body).toMatch(
      /CVE-2026-1 \(critical\) in openssl 3\.0\.11.*seen for 10 days, 10 days over its deadline/,
    );
    expect(issue?.comments).toEqual([]);
    await today({ findings: [finding(), finding({ vulnerability: 'CVE-2026-2' })] });
    expect(issue?.comments).toEqual([expect.stringContaining('2 now')]);
    expect((await delivery.find(change)).state).toBe('closed'); // what was allowed stays allowed
    expect((await today({})).outcome).toMatchObject({ outcome: 'clean' });
    expect(issue).toMatchObject({ state: 'closed', comments: [expect.anything(), expect.anything()] });
    await today({ findings: [finding()] });
    expect(issues.kept.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it.each([
    ['ECS cannot be asked', { tasks: 'denied' as const }, 'AWS_DENIED'],
    [
      'ECS does not say what a task runs',
      { tasks: [ORDERS_IMAGE.digest, undefined] },
      'does not say which image',
    ],
    ['no scan was ever made, as it may start none', { scan: 'SCAN_NOT_FOUND' }, 'never inspected this image'],
  ])('keeps the issue open where %s: what is not known is not clean', async (_, seen, why) => {
    const { today, issues } = await scene();
    await today({ findings: [finding()] });
    const { outcome } = await today(seen);
    expect(outcome).toMatchObject({ ok: true, outcome: 'unknown', reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(issues.kept[0]).toMatchObject({
      state: 'open',
      body: expect.stringContaining(why.replace(/_/g, '\\_')),
    });
  });

  it('judges every image that runs, also one that nobody delivered', async () => {
    const { today } = await scene();
    const other: Digest = `sha256:${'9'.repeat(64)}`;
    const { files } = await today({ tasks: [ORDERS_IMAGE.digest, other, other], findings: [finding()] });
    const { images } = JSON.parse(files['re-gate.json'] ?? '{}');
    expect(images.map((image: { digest: string; tasks: number }) => [image.digest, image.tasks])).toEqual([
      [ORDERS_IMAGE.digest, 1],
      [other, 2],
    ]);
  });

  it('stays inside what GitHub takes however much is found, says where the rest is, and lets no finding write the issue', async () => {
    const { today, issues } = await scene();
    const many = Array.from({ length: 3_000 }, (_, n) =>
      finding({ vulnerability: `CVE-2026-${n}`, package: HOSTILE }),
    );
    const { runner } = await today({ findings: many });
    const [{ body } = { body: '' }] = issues.kept;
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/\d+ more in `re-gate\.json`/);
    expect(sectionsIn(body)).toHaveLength(1);
    expect(body).not.toMatch(/<img|[^&]@acme|^::error/m);
    expect(runner.summaries.join('')).not.toContain('<img');
  });
});

describe("a tenant's issue", () => {
  const part = (environment: string, deciding: number): Section => ({
    environment,
    counts: { deciding, unknown: 0 },
    at: 1.5, // a clock may tell parts of a millisecond
    markdown: 'x'.repeat(15_000),
  });

  it('holds a part for each environment, and of more than GitHub takes the later ones in short', () => {
    const parts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, n) => part(name, n));
    const body = bodyOf(reGateIssue('acme'), parts);
    expect(body.startsWith(reGateIssue('acme').marker)).toBe(true);
    expect(body.length).toBeLessThan(65_536);
    expect(sectionsIn(body).map(({ environment, counts }) => [environment, counts.deciding])).toEqual(
      parts.map(({ environment, counts }) => [environment, counts.deciding]),
    );
  });
});

describe('a lifecycle rule of the repository', () => {
  const warningsOf = ({ log }: { readonly log: readonly string[] }) =>
    log.filter((line) => line.startsWith('warning: '));
  const policyOf = (selection: object, type = 'expire') =>
    JSON.stringify({ rules: [{ rulePriority: 7, selection, action: { type } }] });
  const days = (countNumber: number) =>
    policyOf({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber });
  const count = (countNumber: number, pattern = 'rev-*') =>
    policyOf({
      tagStatus: 'tagged',
      tagPatternList: [pattern],
      countType: 'imageCountMoreThan',
      countNumber,
    });

  it.each([
    ['in 10 days', days(90)],
    ['with its next evaluation', days(80)],
    ['with its next evaluation', count(3)],
    ['when 1 more image is pushed', count(4)],
    [
      'in 5 days',
      policyOf({ tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 85 }, 'transition'),
    ],
  ])('that takes away what runs is a warning: %s', async (when, policy) => {
    const { today, issues } = await scene();
    const { outcome, runner } = await today({ policy });
    expect(warningsOf(runner)).toEqual([
      `warning: orders: The lifecycle rule of acme/orders with the priority 7 takes away ${ORDERS_IMAGE.digest}, which runs, ${when}: no task can start from it then. Keep it by the rule, or deliver a newer version.`,
    ]);
    expect(outcome).toMatchObject({ outcome: 'clean', ok: true, summary: expect.stringContaining(when) });
    expect(issues.kept).toEqual([]);
  });

  it.each([
    ['later', days(200)],
    ['after more versions', count(30)],
    ['from other tags', count(1, 'v*')],
    [
      'from what has no tag',
      policyOf({ tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1 }),
    ],
  ])('that takes away %s is none', async (_, policy) => {
    const { today } = await scene();
    expect(warningsOf((await today({ policy })).runner)).toEqual([]);
  });

  it.each([
    ['denied', 'AWS_DENIED'],
    [policyOf({ tagStatus: 'any', countType: 'sinceTheMoonWasFull', countNumber: 1 }), 'cannot read'],
    ['{', 'cannot read'],
  ])('that is not known is told, and nothing hangs on it (%#)', async (policy, why) => {
    const { today } = await scene();
    const { outcome, runner } = await today({ policy });
    const [said, ...others] = warningsOf(runner);
    expect(said).toContain('soon takes away what runs is not known');
    expect(said).toContain(why);
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'clean' });
  });
});
