import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Task,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '@tenant-delivery/action-kit/main';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { startSession } from '@tenant-delivery/aws/session/session';
import { localKeys, templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { HOUR } from '@tenant-delivery/domain';
import { lookAtLock, takeLock } from '@tenant-delivery/evidence/lock';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { bucketsOf } from '@tenant-delivery/local-aws/services/s3';
import { scriptRotation, secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { agreedWorld } from '@tenant-delivery/rotate-access/agreed/world';
import { readRotateInputs } from '@tenant-delivery/rotate-access/inputs';
import { run } from '@tenant-delivery/rotate-access/run';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { acmeSandbox, keyInKms, ORDERS, ROTATION_JOB, type Sandbox, timeOf } from '../stage/a-job.ts';
import { changesIn, recordsIn } from '../stage/stage.ts';

/*
 * Secrets that tasks are given, from the action's own code to tasks that really start again: sessions by the job's token,
 * the contract, the vault with its locks, Secrets Manager and an ECS that rolls, in virtual time.
 */
const { tenant, environment, account, region } = ORDERS;
const DATABASE = 'td/prod/orders-db';
const REGISTRY = 'td/prod/registry';
const FUNCTION = `arn:aws:lambda:${region}:${account}:function:td-prod-rotate-orders-db`;
const CREDENTIALS = [
  { kind: 'secrets-manager', id: 'orders-db', secret: DATABASE, strategy: 'alternating-users' },
  { kind: 'repository-credentials', id: 'registry', secret: REGISTRY },
] as const;

const DELIVERY = {
  change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  repository: 'acme/orders',
  repositoryId: '456789',
  runId: '9000',
  runAttempt: 1,
};

let clock: ManualClock;
let sandbox: Sandbox;

beforeAll(async () => {
  clock = manualClock();
  const agreed = (contract: unknown) => {
    const { environments, ...rest } = contract as { environments: { prod: object } }; // of our own file
    return { ...rest, environments: { prod: { ...environments.prod, credentials: CREDENTIALS } } };
  };
  sandbox = await acmeSandbox(1, { clock, agreed });
  const { world } = sandbox.aws;
  const value = JSON.stringify({ username: 'orders', password: 'not-a-secret' });
  seedSecret(world, account, region, {
    name: DATABASE,
    value,
    rotation: { functionArn: FUNCTION, everyDays: 30 },
  });
  scriptRotation(world, account, region, FUNCTION, { kind: 'alternating-users' });
  seedSecret(world, account, region, { name: REGISTRY, value: 'token-one' });
  const signing = localKeys();
  const trust = {
    schemaVersion: 1 as const,
    keys: [...signing.trust.keys.filter(({ duty }) => duty === 'contract'), keyInKms(sandbox.aws, 'rotate')],
  };
  await writeFile(sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '', JSON.stringify(trust));
  process.env['AWS_ACCESS_KEY_ID'] = sandbox.operator.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = sandbox.operator.secretAccessKey;
  const contract = agreed(cutTo(templateContract('acme'), 'prod')) as unknown as TenantContract; // with other credentials
  const sealed = await sealContract(contract, signing.signers.contract);
  await publishContract(ambientVault(ORDERS), sealed, trust, { ...ORDERS, at: clock.now() });
  await clock.advance(60_000); // the service has come up
});
afterAll(() => sandbox.close());

/** One run of the action, in the time of the world. */
async function rotated(inputs: Readonly<Record<string, string>>) {
  const runner = fakeRunner({
    idToken: sandbox.runner(ROTATION_JOB).idToken,
    inputs: { contract: 'signed', mode: 'run', tenant, environment, account, region, ...inputs },
  });
  const from = sandbox.aws.calls.length;
  await main('rotate-access', runner, async () => {
    const request = readRotateInputs(runner);
    if (request.kind !== 'agreed') throw new Error('these have a contract');
    const env = {
      ...sandbox.env,
      LOCAL_CLOCK: `1,${clock.now()},${performance.timeOrigin + performance.now()}`,
    };
    const { opened } = await startSession(runner, env, { tenant, environment, account, region }, ['journal']);
    const inTime = opened.then((session) => ({ ...session, clock: timeOf(clock) }));
    return run({ ...request, world: await agreedWorld(runner, env, request.given, inTime) });
  });
  const { outcome = '', 'reason-code': reason = '', 'next-eligible-at': next = '' } = runner.outputs;
  return { outcome, reason, next: Date.parse(next), runner, calls: sandbox.aws.calls.slice(from) };
}

/** Runs until one says how it ends, each when the last one said. */
async function toItsEnd(inputs: Readonly<Record<string, string>>) {
  for (let runs = 1; ; runs += 1) {
    const { outcome, reason, next, runner } = await rotated(inputs);
    if (outcome !== 'in-progress' || runs > 12) return { outcome, reason, runner };
    await clock.advance(Math.max(next - clock.now(), 60_000));
  }
}

/** Asks ECS as somebody of the account, who is nobody of ours. */
function somebody(): ECSClient {
  const arn = `arn:aws:iam::${account}:user/somebody`;
  const credentials = issueSession(sandbox.aws.world, { account, arn }, clock.now() + HOUR);
  return new ECSClient({ region, endpoint: sandbox.aws.url, credentials });
}

async function definition(taskDefinition: string): Promise<TaskDefinition> {
  const found = await somebody().send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return found.taskDefinition ?? {};
}

/** What orders runs with these members of its container, once it has come up. */
async function running(members: ContainerDefinition): Promise<void> {
  const latest = 'acme-prod-orders';
  const { family, containerDefinitions = [], ...given } = await definition(latest);
  const { executionRoleArn, taskRoleArn, networkMode, cpu, memory, requiresCompatibilities } = given;
  const same = { family, executionRoleArn, taskRoleArn, networkMode, cpu, memory, requiresCompatibilities };
  const container = { ...containerDefinitions[0], secrets: [], ...members };
  const ecs = somebody();
  await ecs.send(new RegisterTaskDefinitionCommand({ ...same, containerDefinitions: [container] }));
  const change = { cluster: 'acme-prod', service: 'orders', taskDefinition: latest };
  await ecs.send(new UpdateServiceCommand(change));
  await clock.advance(10 * 60_000);
}

async function tasks(): Promise<readonly Task[]> {
  const ecs = somebody();
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'acme-prod', serviceName: 'orders' }));
  const found = await ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: taskArns }));
  return found.tasks ?? [];
}

function current(name: string): { readonly id: string; readonly value: string | undefined } {
  const versions = secretsOf(sandbox.aws.world, account, region)[name]?.versions ?? {};
  const [id = '', version] =
    Object.entries(versions).find(([, { stages }]) => stages.includes('AWSCURRENT')) ?? [];
  return { id, value: version?.value };
}

const vault = () => bucketsOf(sandbox.aws.world)[`td-vault-acme-prod-${account}`]?.objects ?? {};

test('a password that tasks are given is made anew, and every task starts with the version that its revision names', async () => {
  const arn = secretsOf(sandbox.aws.world, account, region)[DATABASE]?.arn ?? '';
  await running({ secrets: [{ name: 'DB_PASSWORD', valueFrom: `${arn}:password::` }] });
  const before = await tasks();
  const old = current(DATABASE);

  const planned = await rotated({ mode: 'dry-run', credential: 'orders-db', wish: 'forced' });
  expect(planned.outcome).toBe('planned');
  expect([changesIn(planned.calls), recordsIn(planned.calls)]).toEqual([[], []]);

  const place = { vault: ambientVault(ORDERS), clock: timeOf(clock), environment, service: 'orders' };
  const delivery = await takeLock({ ...place, lease: 15 * 60_000 }, DELIVERY, async () => {});
  const waiting = await rotated({ credential: 'orders-db', wish: 'forced' });
  expect([waiting.outcome, waiting.runner.log.join('\n')]).toEqual([
    'in-progress',
    expect.stringContaining('orders: chg_01ARZ3NDEKTSV4RRFFQ69G5FAV of acme/orders is being deployed'),
  ]);
  const acted = waiting.calls.map(({ operation }) => operation);
  expect(acted.filter((operation) => ['UpdateService', 'RotateSecret'].includes(operation))).toEqual([]);
  await delivery.release();

  const begun = await rotated({ credential: 'orders-db' });
  await clock.advance(Math.max(begun.next - clock.now(), 60_000));
  const { outcome } = begun.outcome === 'rotated' ? begun : await toItsEnd({ credential: 'orders-db' });
  expect(outcome).toBe('rotated');

  const made = current(DATABASE);
  expect((await lookAtLock(place))?.holder).toBeNull();
  expect(made.id).not.toBe(old.id);
  expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/); // by the name of the rotation
  const after = await tasks();
  expect(
    after.map(({ taskArn }) => taskArn).filter((one) => before.some(({ taskArn }) => taskArn === one)),
  ).toEqual([]);
  for (const { taskDefinitionArn, lastStatus } of after) {
    expect(lastStatus).toBe('RUNNING');
    expect((await definition(String(taskDefinitionArn))).containerDefinitions?.[0]?.secrets).toEqual([
      { name: 'DB_PASSWORD', valueFrom: `${arn}:password::${made.id}` },
    ]);
  }
  expect(
    Object.keys(vault()).filter((key) => key.startsWith('rotation/orders-db/0001/')).length,
  ).toBeGreaterThan(9);
  const written = Object.values(vault()).map((object) => JSON.stringify(object));
  const password = String(JSON.parse(made.value ?? '{}').password);
  expect(written.filter((text) => text.includes(password))).toEqual([]);
});

test('credentials of a registry with which no task can pull are taken back, and the next that work stay', async () => {
  const arn = secretsOf(sandbox.aws.world, account, region)[REGISTRY]?.arn ?? '';
  simulatedOf(sandbox.aws.world).script('orders', () =>
    current(REGISTRY).value === 'token-bad' ? { pullError: 'pull access denied' } : {},
  );
  await running({ repositoryCredentials: { credentialsParameter: arn } });
  const first = await tasks();
  stage('version-bad-00000000000000000000000', 'token-bad');
  const failed = await toItsEnd({ credential: 'registry' });
  expect([failed.outcome, failed.reason]).toEqual(['hold', 'ROTATION_DEPLOY_FAILED']);
  expect(current(REGISTRY).value).toBe('token-one');
  expect((await tasks()).map(({ taskArn }) => taskArn).toSorted()).toEqual(
    first.map(({ taskArn }) => taskArn).toSorted(), // nobody was left without its tasks
  );

  stage('version-two-00000000000000000000000', 'token-two');
  expect((await toItsEnd({ credential: 'registry' })).outcome).toBe('rotated');
  expect(current(REGISTRY).value).toBe('token-two');
  const known = new Set(first.map(({ taskArn }) => taskArn));
  const after = await tasks();
  expect([after.length, after.filter(({ taskArn }) => known.has(taskArn))]).toEqual([first.length, []]);
});

/** What the owner of the value does, by hands of their own. */
function stage(version: string, value: string): void {
  const secret = secretsOf(sandbox.aws.world, account, region)[REGISTRY];
  if (!secret) throw new Error('it was seeded');
  const { versions } = secret;
  for (const other of Object.values(versions))
    other.stages = other.stages.filter((label) => label !== 'TDPENDING');
  versions[version] = { value, stages: ['TDPENDING'], createdAt: clock.now() };
}

test('its roles may do what they did, and the one of the secret nothing else', () => {
  expect(sandbox.aws.denied()).toEqual([]);
  const file = join(import.meta.dirname, '../../templates/iam/permissions/rotate-secret.json');
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
    Statement: readonly { Effect: string; Action: string | string[] }[];
  }; // our own file
  const granted = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const of = (role: string) =>
    sandbox.aws.calls.filter(({ principal }) => principal?.includes(`:assumed-role/td-prod-${role}/`));
  const done = new Set(
    sandbox.aws.decisions
      .filter(({ principal }) => principal.arn.includes(':assumed-role/td-prod-rotate-secret/'))
      .map(({ ask }) => ask.action),
  );
  const besides = ['kms:GetPublicKey', 'kms:Sign'];
  expect([...done].filter((action) => !granted.includes(action) && !besides.includes(action))).toEqual([]);
  expect(granted.filter((action) => !done.has(action))).toEqual([]);
  const changes = of('rotate-secret').map(({ operation }) => operation);
  expect(
    changes.filter((operation) => /^(Update(?!SecretVersionStage)|Register|GetSecretValue)/.test(operation)),
  ).toEqual([]);
});
