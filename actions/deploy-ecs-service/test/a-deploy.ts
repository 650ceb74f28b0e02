import { ACME, inMemoryDelivery, ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import type { ChangeKind, ChangeState, Image } from '@tenant-delivery/domain';
import type { Verdict } from '@tenant-delivery/findings/verdict';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { getBytes } from '@tenant-delivery/vault/objects';
import { run } from '../src/run.ts';
import { anEcs, type Moment } from './an-ecs.ts';
import { givenContracted } from './given.ts';
import { surroundingsOf } from './preflight/surroundings.ts';

export const CHILD = `sha256:${'2'.repeat(64)}` as const;
const OTHER = `sha256:${'3'.repeat(64)}` as const;

function imageRecord(image: Image, platform = 'linux/amd64'): ImageRecord {
  return {
    schemaVersion: 1,
    image,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    platforms: [{ platform, digest: CHILD }],
    revision: '0123456789abcdef0123456789abcdef01234567',
    ref: 'refs/heads/main',
    inputsDigest: OTHER,
    base: [],
    builder: 'own',
    reused: false,
    pushedAt: '2026-11-24T09:00:00Z',
  };
}

function verdict(image: Image, more: Partial<Verdict> = {}): Verdict {
  const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, unknown: 0 };
  return {
    schemaVersion: 1,
    subject: image,
    children: [{ platform: 'linux/amd64', digest: CHILD, scan: 'COMPLETE' }],
    decision: 'allow',
    reasons: [],
    counts: none,
    limits: none,
    blocking: [],
    policyDigest: OTHER,
    floorDigest: OTHER,
    findingsDigest: OTHER,
    evaluatedAt: '2026-11-24T09:00:00Z',
    validUntil: '2026-11-25T09:00:00Z',
    ...more,
  };
}

export interface Story {
  readonly script?: (seconds: number) => Moment;
  readonly platform?: string;
  readonly verdict?: Partial<Verdict>;
  readonly absent?: boolean;
  readonly image?: Image;
  /** What the job checked out. */
  readonly files?: Readonly<Record<string, string>>;
}

const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  role: 'customer',
  via: 'environment-review',
} as const;

const HEALTHY = (seconds: number): Moment =>
  seconds < 40
    ? { status: 'IN_PROGRESS', running: seconds < 20 ? 0 : 2 }
    : { status: 'SUCCESSFUL', running: 2, healthy: 2 };

/** A gated change of acme's orders, an ECS that runs the version before, and the action over both. */
export async function aDeploy(story: Story = {}) {
  const clock = fakeClock();
  const delivery = await inMemoryDelivery({ clock });
  const ecs = anEcs(clock, story.script ?? HEALTHY);
  const around = surroundingsOf();
  const image = story.image ?? ORDERS_IMAGE;
  const documentsOf = (of: Image) => ({
    'image-record': imageRecord(of, story.platform),
    verdict: verdict(of, story.verdict),
    findings: { schemaVersion: 1, findings: [] },
  });
  /** Each is proposed a second after the one before it. */
  const bring = async (to: ChangeState, kind: ChangeKind = 'deploy', of: Image = image) => {
    await clock.sleep(1000);
    return delivery.bring(to, { kind, image: of, documents: documentsOf(of) });
  };
  /** Digests that the registry no longer holds. */
  const gone = new Set<string>();
  const change = await bring('gated');
  const log: Record<string, readonly string[]> = {};
  const act = async (
    mode: 'plan' | 'deploy',
    options: {
      change?: string;
      runner?: FakeRunner;
      attempt?: number;
      inputs?: Readonly<Record<string, string>>;
    } = {},
  ) => {
    const runner = options.runner ?? fakeRunner();
    const duty = mode === 'plan' ? 'gate' : 'deploy';
    const outcome = await run(
      await givenContracted({ ...ACME, change: options.change ?? change, mode, ...options.inputs }),
      {
        ...delivery.as(duty, { runner, claims: { runAttempt: options.attempt ?? 1 } }),
        ...around.world,
        region: ACME.region,
        local: true, // its images are at a loopback address
        services: ecs.services,
        targets: ecs.targets,
        scaling: { range: async () => undefined },
        logs: {
          tail: async (_, stream) => log[stream] ?? log['any'],
          after: async (_, __, token) => ({ lines: token ? [] : (log['after'] ?? []), token: 'end' }),
        },
        images: {
          image: async (_, digest) =>
            story.absent || gone.has(digest)
              ? 'absent'
              : { pushedAt: 0, children: [{ platform: story.platform ?? 'linux/amd64', digest: CHILD }] },
        },
        workspace: {
          read: async (path) => {
            const text = story.files?.[path];
            return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
          },
        },
        revisions: { active: async () => [...ecs.definitions.keys()], running: async () => [] },
        deployer: () => ecs.deployer,
        tasks: () => ecs.tasks,
      },
    );
    return { outcome, runner };
  };
  /** Records an approval of the newest plan, as approve-change does. */
  const approve = async (id = change) => {
    const found = await delivery.find(id, 'approve');
    const plan = found.evidence('plan');
    await found.append('approved', { actor: LEAD_BEN, ...(plan && { plan }) });
  };
  const stateOf = async (id = change) => (await delivery.find(id)).state;
  const report = async (runner: FakeRunner): Promise<DeploymentReport> => {
    const digest = runner.outputs['report'] ?? '';
    const bytes = await getBytes(delivery.vault, digest as `sha256:${string}`); // the output is a digest
    return JSON.parse(Buffer.from(bytes as Uint8Array).toString()) as DeploymentReport; // written by the action under test
  };
  return { clock, delivery, ecs, around, change, act, approve, stateOf, report, log, bring, gone };
}

/** Planned and approved, ready to deploy. */
export async function anApprovedDeploy(story: Story = {}, inputs: Readonly<Record<string, string>> = {}) {
  const made = await aDeploy(story);
  await made.act('plan', { inputs });
  await made.approve();
  return made;
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)),
  );
}
