import { expect, test } from '@jest/globals';
import { takeDeployLock } from '@tenant-delivery/delivery';
import {
  type DeploymentReport,
  HealthReport,
  makePlan,
  type Service,
  type TargetState,
  type Task,
} from '@tenant-delivery/deployment';
import { type Digest, formatImage } from '@tenant-delivery/domain';
import { lockKey } from '@tenant-delivery/evidence/lock-record';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { ACME, inMemoryDelivery, ORDERS_IMAGE } from '@tenant-delivery/testkit/in-memory-delivery';
import { putDocument } from '@tenant-delivery/vault';
import { run } from '../src/run.ts';

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
const NEW = `${ARN}:task-definition/acme-prod-orders:8`;
const CHILD: Digest = `sha256:${'2'.repeat(64)}`;
const OTHER: Digest = `sha256:${'9'.repeat(64)}`;

interface Look {
  readonly tasks?: readonly Task[];
  readonly targets?: readonly TargetState[];
  readonly runs?: string;
}

interface Story {
  /** What is seen this many seconds after the start. */
  readonly look?: (seconds: number) => Look;
  readonly report?: Partial<DeploymentReport>;
  readonly scheme?: string;
  readonly resolved?: readonly string[];
  readonly attached?: readonly string[];
  /** What the balancer asks for. */
  readonly path?: string;
  /** The time limit; 10 when absent. */
  readonly minutes?: number;
}

function task(n: number, more: Partial<Task> = {}): Task {
  return {
    arn: `${ARN}:task/acme-prod/${n}`,
    taskDefinition: NEW,
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    zone: n % 2 ? 'eu-west-1a' : 'eu-west-1b',
    address: `10.20.0.${n}`,
    stopCode: undefined,
    stoppedReason: undefined,
    containers: [{ name: 'orders', exitCode: undefined, reason: undefined, imageDigest: CHILD }],
    ...more,
  };
}

function target(n: number, state = 'healthy', reason?: string): TargetState {
  return { address: `10.20.0.${n}`, port: 8080, state, reason, description: undefined };
}

const WELL: Look = { tasks: [task(1), task(2)], targets: [target(1), target(2)] };

async function aVerification(story: Story = {}) {
  const clock = fakeClock();
  const delivery = await inMemoryDelivery({ clock });
  const plan = makePlan({
    kind: 'deploy',
    target: ACME,
    cluster: 'acme-prod',
    container: 'orders',
    image: ORDERS_IMAGE,
    current: {
      arn: `${ARN}:task-definition/acme-prod-orders:7`,
      family: 'acme-prod-orders',
      active: true,
      document: { containerDefinitions: [{ name: 'orders', image: 'before' }] },
      tags: [],
    },
    notes: [],
  });
  const record: ImageRecord = {
    schemaVersion: 1,
    image: ORDERS_IMAGE,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    platforms: [{ platform: 'linux/amd64', digest: CHILD }],
    revision: '0123456789abcdef0123456789abcdef01234567',
    ref: 'refs/heads/main',
    inputsDigest: OTHER,
    base: [],
    builder: 'own',
    reused: false,
    pushedAt: '2026-11-24T09:00:00Z',
  };
  const change = await delivery.bring('deploying', { documents: { plan, 'image-record': record } });
  const planned = (await delivery.find(change)).evidence('plan');
  const report: DeploymentReport = {
    schemaVersion: 1,
    change,
    target: ACME,
    plan: planned ?? OTHER,
    outcome: 'deployed',
    why: 'ECS calls it SUCCESSFUL',
    cluster: 'acme-prod',
    container: 'orders',
    image: formatImage(ORDERS_IMAGE),
    taskDefinition: NEW,
    previousTaskDefinition: `${ARN}:task-definition/acme-prod-orders:7`,
    serviceDeployment: 'deployment-2',
    serviceRevision: `${ARN}:service-revision/acme-prod/orders/2`,
    rollout: 'ecs-svc/2',
    tasks: { requested: 2, running: 2, pending: 0 },
    zones: {},
    breaker: null,
    causes: [],
    startedAt: '2026-11-24T08:50:00Z',
    finishedAt: '2026-11-24T08:55:00Z',
    ...story.report,
  };
  const digest = await putDocument(delivery.vault, report);
  const start = clock.now();
  const look = () => (story.look ?? (() => WELL))((clock.now() - start) / 1000);
  const verify = async (runner: FakeRunner = fakeRunner(), reported: string = digest) => {
    const outcome = await run(
      { ...ACME, change, report: reported, 'timeout-minutes': story.minutes ?? 10 },
      {
        ...delivery.as('deploy', { runner }),
        services: {
          cluster: unused,
          taskDefinition: unused,
          deployments: unused,
          deployment: unused,
          service: async () => service(look().runs ?? NEW),
          revision: async (arn) => ({
            arn,
            taskDefinition: NEW,
            targetGroups: story.resolved ?? ['group'],
            images: [],
            document: {},
          }),
          tasks: async () => look().tasks ?? WELL.tasks ?? [],
        },
        targets: {
          loadBalancer: async (name) => ({ arn: 'balancer', name, scheme: story.scheme ?? 'internal' }),
          targetGroup: async (arn) => ({
            arn,
            name: arn === 'group' ? 'acme-prod-orders' : arn,
            loadBalancers: story.attached ?? ['balancer'],
            healthCheck: {
              path: story.path ?? '/healthz',
              port: 'traffic-port',
              matcher: '200',
              timeoutSeconds: 5,
            },
          }),
          targets: async () => look().targets ?? WELL.targets ?? [],
        },
      },
    );
    return { outcome, runner };
  };
  const find = () => delivery.find(change);
  const world = delivery.as('deploy');
  await takeDeployLock(world, await delivery.admission(), await delivery.find(change, 'deploy'));
  const lock = async (): Promise<{ holder: unknown; until: string }> => {
    const stored = await delivery.vault.read(lockKey('prod', 'orders'));
    return JSON.parse(Buffer.from(stored?.bytes ?? []).toString());
  };
  const lockHolder = async (): Promise<unknown> => (await lock()).holder;
  return { lock, lockHolder, clock, delivery, change, digest, verify, find, start };
}

async function unused(): Promise<never> {
  throw new Error('verifying does not ask for this');
}

function service(taskDefinition: string): Service {
  return {
    arn: `${ARN}:service/acme-prod/orders`,
    clusterArn: `${ARN}:cluster/acme-prod`,
    status: 'ACTIVE',
    controller: 'ECS',
    strategy: 'ROLLING',
    taskDefinition,
    desired: 2,
    running: 2,
    deployments: [],
    events: [],
    document: {},
    breaker: { enabled: true, rollback: true },
  };
}

test('verifies after two good samples, with report and health in the record', async () => {
  const made = await aVerification();
  const { outcome, runner } = await made.verify();
  expect(outcome).toMatchObject({ outcome: 'verified', reasonCode: 'OK', ok: true });
  expect(runner.outputs).toMatchObject({ healthy: '2', zones: 'eu-west-1a,eu-west-1b' });
  const change = await made.find();
  expect(change.state).toBe('verified');
  expect(change.evidence('report')).toBe(made.digest);
  const health = await change.document('health', HealthReport);
  expect(health).toMatchObject({ healthy: true, samples: 2, zones: { required: 2 } });
  expect(outcome.summary).toContain('eu-west-1b');
  expect(await made.lockHolder()).toMatchObject({ change: made.change }); // close-change gives it back
});

test('says that a health path of the manifest is not applied where the balancer asks for another', async () => {
  const { verify } = await aVerification({ path: '/ready' });
  const { outcome, runner } = await verify();
  expect(outcome).toMatchObject({ outcome: 'verified' });
  expect(runner.log.filter((line) => line.startsWith('warning: '))).toEqual([
    'warning: The manifest names /healthz as the health path, and acme-prod-internal asks for /ready: changing it is not supported yet.',
  ]);
});

test('keeps the lock of the service however long the verification takes', async () => {
  const made = await aVerification({
    minutes: 60,
    look: (seconds) => (seconds > 40 * 60 ? WELL : { targets: [target(1), target(2, 'initial')] }),
  });
  expect((await made.verify()).outcome).toMatchObject({ outcome: 'verified' });
  const { holder, until } = await made.lock();
  expect(holder).toMatchObject({ change: made.change });
  expect(Date.parse(until)).toBeGreaterThan(made.clock.now());
});

test('one good sample between bad ones proves nothing', async () => {
  const made = await aVerification({
    look: (seconds) => (seconds === 5 ? WELL : { targets: [target(1), target(2, 'initial')] }),
  });
  expect((await made.verify()).outcome).toMatchObject({
    outcome: 'failed',
    reasonCode: 'TARGETS_NOT_HEALTHY_IN_TIME',
  });
  expect((await made.find()).state).toBe('failed');
});

test.each([
  ['TARGETS_NOT_HEALTHY', 0, { targets: [target(1), target(2, 'unused', 'Target.NotInUse')] }],
  ['TARGETS_NOT_HEALTHY', 5, { targets: [target(1), target(2, 'unhealthy', 'Target.Timeout')] }],
  [
    'IMAGE_DIGEST_MISMATCH',
    0,
    {
      tasks: [
        task(1),
        task(2, {
          containers: [{ name: 'orders', exitCode: undefined, reason: undefined, imageDigest: OTHER }],
        }),
      ],
    },
  ],
  ['DEPLOYMENT_SUPERSEDED', 0, { runs: `${ARN}:task-definition/acme-prod-orders:9` }],
])('fails with %s after %d s, not at the time limit', async (code, seconds, look) => {
  const made = await aVerification({ look: () => look });
  const { outcome } = await made.verify();
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: code, ok: false });
  expect(made.clock.now() - made.start).toBe(seconds * 1000);
  expect((await made.find()).state).toBe('failed');
  expect(await made.lockHolder()).toBeNull();
});

test('names the unhealthy target with its reason, and says what to look at', async () => {
  const made = await aVerification({
    look: () => ({ targets: [target(1), target(2, 'unhealthy', 'Target.ResponseCodeMismatch')] }),
  });
  const { outcome } = await made.verify();
  expect(outcome.headline).toContain('10.20.0.2 is unhealthy (Target.ResponseCodeMismatch)');
  expect(outcome.remedy).toContain('matcher');
});

test('inside the grace period of the manifest bad news is only news', async () => {
  const made = await aVerification({
    report: { finishedAt: '2026-11-24T09:00:00Z' }, // the manifest of the testkit gives 30 s
    look: (seconds) => (seconds < 25 ? { targets: [target(1), target(2, 'unhealthy')] } : WELL),
  });
  expect((await made.verify()).outcome.outcome).toBe('verified');
});

test('healthy tasks of another deployment do not count', async () => {
  const made = await aVerification({
    look: () => ({
      tasks: [task(1), task(2, { taskDefinition: `${ARN}:task-definition/acme-prod-orders:7` })],
    }),
  });
  expect((await made.verify()).outcome.headline).toContain('1 of 2 tasks healthy');
});

test.each<[string, Story]>([
  ['LOAD_BALANCER_NOT_INTERNAL', { scheme: 'internet-facing' }],
  ['TARGET_GROUP_FOREIGN', { resolved: ['another'] }],
  ['TARGET_GROUP_FOREIGN', { resolved: [] }],
  ['TARGET_GROUP_FOREIGN', { attached: [] }],
  ['REPORT_UNUSABLE', { report: { outcome: 'rolled-back' } }],
  ['REPORT_UNUSABLE', { report: { change: 'chg_01KAW3T6QH8Z3N6V9W2E4R5T6Y' } }],
  ['REPORT_UNUSABLE', { report: { image: 'another' } }],
  ['REPORT_UNUSABLE', { report: { plan: OTHER } }],
])('refuses with %s what cannot be verified: %j', async (code, story) => {
  const made = await aVerification(story);
  await expect(made.verify()).rejects.toMatchObject({ code });
  expect((await made.find()).state).toBe('deploying');
});

test('a report that the vault does not hold is refused', async () => {
  const made = await aVerification();
  await expect(made.verify(fakeRunner(), OTHER)).rejects.toMatchObject({ code: 'REPORT_UNUSABLE' });
});

test('a cancelled run stops at once and leaves the change to be settled', async () => {
  const made = await aVerification({ look: () => ({ targets: [] }) });
  const runner = fakeRunner();
  made.clock.at(12_000, () => runner.cancel());
  const { outcome } = await made.verify(runner);
  expect(outcome).toMatchObject({ outcome: 'cancelled', reasonCode: 'VERIFICATION_CANCELLED', ok: false });
  expect(made.clock.now() - made.start).toBeLessThanOrEqual(15_000);
  expect((await made.find()).state).toBe('deploying');
});

test('verifying what was verified before is done at once', async () => {
  const made = await aVerification();
  await made.verify();
  expect((await made.verify()).outcome).toMatchObject({ outcome: 'verified', ok: true });
});
