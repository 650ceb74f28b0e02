import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { zoneNames } from '@tenant-delivery/aws/ec2/zone-names';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { ecsDeployer } from '@tenant-delivery/aws/ecs/deployer';
import { ecsRevisions } from '@tenant-delivery/aws/ecs/revisions';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { ecsTaskRunner } from '@tenant-delivery/aws/ecs/task-runner';
import { verifying } from '@tenant-delivery/aws/ecs/verifying';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { logsTail } from '@tenant-delivery/aws/logs/tail';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { type Session, startSession } from '@tenant-delivery/aws/session/session';
import { releaseDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { type InMemoryDelivery, inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { run as deployOrPlan } from '@tenant-delivery/deploy-ecs-service/run';
import { givenContracted } from '@tenant-delivery/deploy-ecs-service/test/given';
import type { Image } from '@tenant-delivery/domain';
import { parseImage } from '@tenant-delivery/domain';
import type { FaultKind } from '@tenant-delivery/local-aws';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { runAgreed } from '@tenant-delivery/verify-target-health/run-agreed';
import { openProbing } from '@tenant-delivery/verify-target-health/world';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox, timeOf } from '../stage/a-job.ts';
import { gatedDocuments } from '../stage/gated-documents.ts';

/** Which of ECS's operations change something, of all that the pipeline calls. */
const MUTATING = [
  'RegisterTaskDefinition',
  'UpdateService',
  'StopServiceDeployment',
  'TagResource',
  'RunTask',
];
const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  via: 'environment-review',
} as const;

const clock = manualClock(Date.now());
let sandbox: Sandbox;
let sessions: { readonly gate: Session; readonly deploy: Session };
let delivery: InMemoryDelivery;

beforeAll(async () => {
  sandbox = await acmeSandbox(1, { clock });
  await clock.advance(60_000); // the service has come up
  const open = async (claims: Record<string, string>, role: 'gate' | 'deploy'): Promise<Session> => {
    const { opened } = await startSession(sandbox.runner(claims), sandbox.env, ORDERS, [role]);
    return { ...(await opened), clock: timeOf(clock) };
  };
  sessions = { gate: await open({}, 'gate'), deploy: await open(DEPLOY_JOB, 'deploy') };
  const probe = { image: `base/node@${imageOf('24').digest}` };
  delivery = await inMemoryDelivery({
    clock: sessions.deploy.clock,
    contract: (agreed) => {
      const { prod } = agreed.environments;
      return prod ? { ...agreed, environments: { prod: { ...prod, probe } } } : agreed;
    },
  });
});
afterAll(() => sandbox.close());

test('a delivery is planned without touching ECS, deployed with one update, and verified in both zones', async () => {
  const change = await approved('24-old');
  expect(mutationsSince(change.before)).toEqual([]);
  const { outcome, runner } = await deploy(change.id);
  expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
  expect(mutationsSince(change.before)).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  const log = [{ atSeconds: 1, line: '{"probe":2,"kind":"good","milliseconds":7,"status":204}' }];
  simulatedOf(sandbox.aws.world).script('tenant-delivery/probe/9001', {
    log,
    exit: { code: 0, afterSeconds: 2 },
  });
  const verified = await verify(change.id, runner.outputs['report'] ?? '');
  expect(verified).toMatchObject({
    outcome: 'verified',
    facts: { zones: { required: 2 }, probe: { answered: { status: 204, milliseconds: 7 } } },
  });
  const probed = mutationsSince(change.before).slice(2);
  expect(probed).toEqual(['RegisterTaskDefinition', 'RunTask']);
  expect((await delivery.find(change.id)).state).toBe('verified');
  await settle(change.id, 'closed');
});

test('the same image again is unchanged', async () => {
  const { outcome } = await plan(await gated('24-old'));
  expect(outcome).toMatchObject({ outcome: 'unchanged', ok: true });
});

/** After the first it has taken effect and nobody knows; after the second nobody knows whether. `npm run proof` plays all. */
const UNKNOWN = ['reset-after-effect', 'server-error'] as const;
const KNOWN = ['empty-reply', 'throttle', 'denied'] as const;
const kinds: readonly FaultKind[] = process.env['PROOF'] === 'full' ? [...UNKNOWN, ...KNOWN] : UNKNOWN;

const schedules = ['RegisterTaskDefinition', 'UpdateService'].flatMap((operation) =>
  kinds.map((kind): [string, FaultKind] => [operation, kind]),
);

test.each(schedules)(
  '%s fails by %s: whatever came of it, one update takes effect',
  async (operation, kind) => {
    const change = await approved((await runsOld()) ? '24' : '24-old');
    sandbox.aws.fail({ service: 'ecs', operation, nth: 1, kind });
    const first = await deploy(change.id).catch((thrown: unknown) => thrown);
    if (!isDeployed(first)) await clock.advance(10_000); // a job that is run again is not there sooner
    const ended = isDeployed(first) ? first : await deploy(change.id, 2);
    expect(ended).toMatchObject({ outcome: { outcome: 'deployed' } });
    const updates = callsSince(change.before).filter((call) => call.operation === 'UpdateService');
    expect(updates.reduce((effects, call) => effects + call.effects, 0)).toBe(1);
    const registered = callsSince(change.before).filter(
      (call) => call.operation === 'RegisterTaskDefinition',
    );
    expect(registered.reduce((effects, call) => effects + call.effects, 0)).toBe(1);
    await settle(change.id, 'abandoned', ended === first ? 1 : 2);
  },
);

test('a release that crashes is stopped, explained with its own last lines, and gone again', async () => {
  const before = await ecsServices(sessions.deploy, 'deploy').service('acme-prod', 'orders');
  const tag = (await runsOld()) ? '24' : '24-old';
  simulatedOf(sandbox.aws.world).script(imageOf(tag).digest, {
    exit: { code: 7, afterSeconds: 2 },
    log: [{ atSeconds: 1, line: 'Error: PAYMENTS_URL is not set' }],
  });
  const change = await approved(tag);
  const { outcome, runner } = await deploy(change.id);
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'DEPLOYMENT_ROLLED_BACK' });
  expect(runner.log.join('\n')).toMatch(/exit code 7[\s\S]*Error: PAYMENTS_URL is not set/);
  const after = await ecsServices(sessions.deploy, 'deploy').service('acme-prod', 'orders');
  expect(after?.taskDefinition).toBe(before?.taskDefinition);
  expect((await delivery.find(change.id)).state).toBe('rolled-back');
});

test('what else was planned is deployed with it: a migration first, then one update that says no more', async () => {
  simulatedOf(sandbox.aws.world).script(imageOf((await runsOld()) ? '24' : '24-old').digest, {});
  const change = await approved((await runsOld()) ? '24' : '24-old', {
    'environment-variables': 'orders: { LEVEL: debug }',
    'service-update': 'healthCheckGracePeriodSeconds: 45',
    migration: 'container: orders\ncommand: [node, migrate.js]',
  });
  expect(mutationsSince(change.before)).toEqual([]);
  const log = [{ atSeconds: 1, line: 'migrated' }];
  simulatedOf(sandbox.aws.world).script(`tenant-delivery/${change.id}`, {
    log,
    exit: { code: 0, afterSeconds: 5 },
  });
  const { outcome, runner } = await deploy(change.id);
  expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
  expect(mutationsSince(change.before)).toEqual(['RegisterTaskDefinition', 'RunTask', 'UpdateService']);
  expect(runner.log).toContain('  migrated');
  const update = callsSince(change.before).find(({ operation }) => operation === 'UpdateService');
  expect(Object.keys(update?.input ?? {}).sort()).toEqual([
    'cluster',
    'healthCheckGracePeriodSeconds',
    'service',
    'taskDefinition',
  ]);
  const service = await ecsServices(sessions.deploy, 'deploy').service('acme-prod', 'orders');
  const definition = await ecsServices(sessions.deploy, 'deploy').taskDefinition(
    service?.taskDefinition ?? '',
  );
  expect(JSON.stringify(definition?.document)).toContain('"value":"debug"');
  expect(sandbox.aws.denied()).toEqual([]);
  await settle(change.id, 'abandoned');
});

function isDeployed(told: unknown): told is Awaited<ReturnType<typeof deploy>> {
  return typeof told === 'object' && told !== null && 'outcome' in told;
}

function callsSince(before: number) {
  return sandbox.aws.calls.slice(before);
}

function mutationsSince(before: number): readonly string[] {
  return callsSince(before)
    .map(({ operation }) => operation)
    .filter((operation) => MUTATING.includes(operation));
}

async function runsOld(): Promise<boolean> {
  const services = ecsServices(sessions.deploy, 'deploy');
  const service = await services.service('acme-prod', 'orders');
  const definition = await services.taskDefinition(service?.taskDefinition ?? '');
  return JSON.stringify(definition?.document).includes(imageOf('24-old').digest);
}

/** One of the base images, as if the service had been built into it. */
function imageOf(tag: string): Image {
  const { repositories } = ecrState(sandbox.aws.world, ORDERS.account, ORDERS.region);
  const [base, orders] = [repositories['base/node'], repositories['acme/orders']];
  const digest = base?.tags[tag];
  if (!base || !orders || !digest) throw new Error(`the sandbox has no base/node:${tag}`);
  copyImage(sandbox.aws.world, base, orders, digest);
  const image = parseImage(`${sandbox.aws.registry}/acme/orders@${digest}`);
  if (!image) throw new Error('an image goes by its digest');
  return image;
}

/** A change whose image was built and judged, as far as the record tells. */
async function gated(tag: string): Promise<string> {
  const image = imageOf(tag);
  const stored = await ecrInspections(sessions.gate, 'gate').image('acme/orders', image.digest);
  if (stored === 'absent') throw new Error(`the registry has no ${tag}`);
  const children = stored.children.map(({ platform, digest }) => ({ platform, digest }));
  return delivery.bring('gated', {
    image,
    documents: gatedDocuments(
      image,
      children,
      'application/vnd.oci.image.index.v1+json',
      sessions.gate.clock.now(),
    ),
  });
}

async function approved(
  tag: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string; readonly before: number }> {
  const id = await gated(tag);
  const before = sandbox.aws.calls.length;
  await plan(id, inputs);
  const change = await delivery.find(id, 'approve');
  const digest = change.evidence('plan');
  await change.append('approved', { actor: LEAD_BEN, ...(digest && { plan: digest }) });
  return { id, before };
}

/** What close-change does at the end of a job. */
async function settle(id: string, to: 'closed' | 'abandoned', attempt = 1): Promise<void> {
  const change = await delivery.find(id, 'deploy');
  await change.append(to);
  const world = delivery.as('deploy', { claims: { runAttempt: attempt } });
  await releaseDeployLock(world, await delivery.admission(), change);
}

function portsOf(role: 'gate' | 'deploy') {
  const session = sessions[role];
  return {
    region: session.region,
    local: session.local,
    services: ecsServices(session, role),
    targets: elbv2Targets(session, role),
    scaling: autoscalingRange(session, role),
    logs: logsTail(session, role),
    images: ecrInspections(session, role),
    surroundings: preflightReader(session, role),
    alarms: cloudwatchAlarms(session, role),
    credentialsUntil: 'renewed' as const,
    workspace: workspaceAt(sandbox.folder),
    revisions: ecsRevisions(session, role),
    tasks: (clearance: Parameters<typeof ecsTaskRunner>[1]) =>
      ecsTaskRunner(session, clearance, session.clock.now()),
    deployer: (clearance: Parameters<typeof ecsDeployer>[1]) =>
      ecsDeployer(session, clearance, session.clock.now()),
  };
}

async function plan(change: string, inputs: Readonly<Record<string, string>> = {}) {
  const runner = fakeRunner();
  const given = await givenContracted({ ...ORDERS, change, mode: 'plan', ...inputs });
  return {
    runner,
    outcome: await deployOrPlan(given, { ...delivery.as('gate', { runner }), ...portsOf('gate') }),
  };
}

async function deploy(change: string, attempt = 1) {
  const runner = fakeRunner();
  const given = await givenContracted({ ...ORDERS, change, mode: 'deploy' });
  const job = { runner, claims: { runAttempt: attempt } };
  const world = { ...delivery.as('deploy', job), ...portsOf('deploy') };
  return { runner, outcome: await deployOrPlan(given, world) };
}

async function verify(change: string, report: string) {
  const limits = { 'timeout-minutes': 10, 'wait-minutes': 10 };
  const probe = { probe: '/healthz', 'probe-status': '200-299', 'probe-seconds': 2 } as const;
  const given = { contract: 'signed', ...probe, ...ORDERS, change, report, ...limits } as const;
  const session = sessions.deploy;
  const looks = { ...verifying(session, 'deploy'), zones: zoneNames(session, 'deploy') };
  const probing = () => openProbing(session, session.region);
  return runAgreed(given, { ...delivery.as('deploy'), ...looks, probing });
}
