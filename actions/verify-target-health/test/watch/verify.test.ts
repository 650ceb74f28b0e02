import { expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import {
  ARN,
  aVerification,
  BALANCER,
  GROUP,
  OTHER,
  type Story,
  target,
  task,
  WELL,
} from '../a-verification.ts';

const SECOND = GROUP.replace('acme-prod-orders', 'acme-prod-orders-admin');

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
  expect((await made.lock()).holder).toMatchObject({ change: made.change }); // close-change gives it back
});

test('asks about the agreed balancer once, and about each other one of the groups', async () => {
  const balancers: string[] = [];
  const other = BALANCER.replace('acme-prod-internal', 'acme-prod-admin');
  const attached = (group: string) => (group === SECOND ? [BALANCER, other] : [BALANCER]);
  const { verify } = await aVerification({ balancers, resolved: [GROUP, SECOND], attached });
  expect((await verify()).outcome).toMatchObject({ outcome: 'verified' });
  expect(balancers).toEqual(['acme-prod-internal', other]);
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
  ['TARGETS_NOT_HEALTHY', 0, { tasks: [task(1), task(2, { zone: 'eu-west-1c' })] }],
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
  expect((await made.lock()).holder).toBeNull();
});

test.each([
  ['before it is healthy', 0, {}],
  ['while its last tasks are still there', 0, WELL],
  ['while it bakes', 60, WELL],
])(
  'a service whose desired count becomes 0 %s is waited for no longer, and nothing is proven',
  async (_, from, seen) => {
    const rest = { tasks: [], targets: [], ...seen, desired: 0 };
    const bake = {
      bake: { minutes: { value: 5, from: 'manifest' }, samples: { value: 3, from: 'manifest' } },
    } as const;
    const made = await aVerification({ look: (seconds) => (seconds < from ? WELL : rest), bake });
    const { outcome } = await made.verify();
    expect(outcome).toMatchObject({
      outcome: 'inconclusive',
      reasonCode: 'SERVICE_WITHOUT_TASKS',
      ok: false,
    });
    expect(outcome.headline).toContain('desired count is 0');
    expect(outcome.remedy).toContain('Raise the desired count');
    expect(made.clock.now() - made.start).toBeLessThanOrEqual((from + 30) * 1000);
    expect((await made.find()).state).toBe('failed');
    expect((await made.lock()).holder).toBeNull();
  },
);

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
  ['TARGET_GROUP_FOREIGN', { resolved: [GROUP.replace('acme-prod-orders', 'another')] }],
  ['TARGET_GROUP_FOREIGN', { resolved: [] }],
  ['TARGET_GROUP_FOREIGN', { attached: () => [] }],
  [
    'TARGET_GROUP_UNUSED',
    { resolved: [GROUP, SECOND], attached: (arn) => (arn === SECOND ? [] : [BALANCER]) },
  ],
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
  await expect(made.verify(fakeRunner(), { report: OTHER })).rejects.toMatchObject({
    code: 'REPORT_UNUSABLE',
  });
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

test('of a pair of target groups between which traffic shifts, the live one counts, even when the contract names the other', async () => {
  const pair = {
    targetGroupArn: GROUP,
    containerName: 'orders',
    containerPort: 8080,
    advancedConfiguration: { alternateTargetGroupArn: SECOND },
  };
  const made = await aVerification({ resolved: [SECOND], revision: { loadBalancers: [pair] } });
  expect((await made.verify()).outcome).toMatchObject({ outcome: 'verified' });
});

test('without the right to see subnets or a slow start, it says what it could not see and goes on', async () => {
  const denied = async () => Promise.reject(new Failure('AWS_DENIED', 'AWS denied that', 'Allow it.'));
  const { verify } = await aVerification({ zoneNames: denied, slowStartSeconds: denied });
  const { outcome, runner } = await verify();
  expect(outcome).toMatchObject({ outcome: 'verified' });
  expect(runner.log.filter((line) => line.startsWith('warning: '))).toEqual([
    "warning: Zones are counted, not compared with the contract's: AWS denied that",
    'warning: Whether acme-prod-orders starts slowly is not known: AWS denied that',
  ]);
});

test('what could not be seen for another reason is never left out', async () => {
  const throttled = async () => Promise.reject(new Failure('AWS_THROTTLED', 'too often', 'Wait.'));
  const { verify } = await aVerification({ zoneNames: throttled });
  await expect(verify()).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
});
