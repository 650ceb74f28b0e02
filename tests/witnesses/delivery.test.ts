import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { runWorkflow } from '@tenant-delivery/local-github';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { ORDERS } from '../stage/a-job.ts';
import { healthyAddresses } from './addresses.ts';
import { type Command, command } from './command.ts';
import { registryOf } from './image.ts';

jest.setTimeout(120_000); // programs of others start slowly where much else runs

const SCALE = 30;
const VAULT = 'td-vault-acme-prod-000011112222';

let platform: LocalPlatform;
let folder: string;
let change: string;

/** One delivery, by the customer's own workflow and the shipped actions; after it others look at what is there. */
beforeAll(async () => {
  platform = await startLocalPlatform({ scale: SCALE });
  folder = mkdtempSync(join(tmpdir(), 'td-witness-'));
  const result = await runWorkflow({
    github: platform.github,
    env: platform.runnerEnv,
    repository: 'acme/orders',
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor: 'dev-ana',
    approveAs: 'lead-ben',
  });
  const [called] = Object.values(result.needs);
  change = called?.outputs['change'] ?? '';
  if (result.conclusion !== 'success') throw new Error(result.jobs.map(({ log }) => log).join('\n'));
});
afterAll(async () => {
  await platform.close();
  rmSync(folder, { recursive: true });
});

function operator() {
  const tenant = platform.tenants[ORDERS.tenant];
  if (!tenant) throw new Error('the platform has no acme');
  return tenant.operator;
}

describeWith('aws', 'the aws command line reads what a delivery did', (program) => {
  let aws: Command;
  let events: readonly Event[];

  beforeAll(async () => {
    const { accessKeyId, secretAccessKey } = operator();
    aws = command(program, folder, {
      AWS_ENDPOINT_URL: platform.aws.url,
      AWS_REGION: ORDERS.region,
      AWS_PAGER: '',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
    await aws(['s3', 'sync', '--no-progress', `s3://${VAULT}`, 'vault']);
    events = eventFiles().map((file) => readEvent(readFileSync(join(recordFolder(), file))));
  });

  const json = async (...args: readonly string[]) => JSON.parse(await aws(args)); // what the command line prints, as it is
  const recordFolder = () => join(folder, 'vault/changes/prod/orders', change);
  const eventFiles = () => readdirSync(recordFolder()).sort();
  const ecs = (operation: string, ...args: readonly string[]) =>
    json('ecs', operation, '--cluster', 'acme-prod', ...args);

  /** The document that the newest event to name it points at, its bytes held against the digest. */
  function document(name: string) {
    const named = events.flatMap(({ evidence }) => evidence).findLast((one) => one.name === name);
    const bytes = readFileSync(join(folder, 'vault/objects/sha256', named?.digest.sha256 ?? ''));
    expect(sha256(bytes)).toBe(named?.digest.sha256);
    return JSON.parse(bytes.toString());
  }

  test('a record in the vault: every event written once, naming the one before it, from proposed to closed', async () => {
    const prefix = `changes/prod/orders/${change}/`;
    const { Versions } = await json('s3api', 'list-object-versions', '--bucket', VAULT, '--prefix', prefix);
    const keys = Versions.map(({ Key, IsLatest }: { Key: string; IsLatest: boolean }) => [Key, IsLatest]);
    expect(keys).toEqual(events.map((_, seq) => [`${prefix}000${seq}.dsse.json`, true]));
    expect(events.map(({ prev }) => prev?.sha256)).toEqual([
      undefined,
      ...events.slice(0, -1).map(({ stored }) => stored),
    ]);
    const states = ['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];
    expect(events.map(({ transition }) => transition.to)).toEqual(states);
    const last = events.at(-1);
    expect(last?.change).toMatchObject({
      id: change,
      tenant: 'acme',
      environment: 'prod',
      service: 'orders',
    });
    const key = `${prefix}0000.dsse.json`;
    expect(await json('s3api', 'head-object', '--bucket', VAULT, '--key', key)).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
    });
  });

  test('one image: that of the record, of the task definition and of every running task', async () => {
    const [{ services }, { taskArns }] = await Promise.all([
      ecs('describe-services', '--services', 'orders'),
      ecs('list-tasks', '--service-name', 'orders'),
    ]);
    const [{ taskDefinition }, { tasks }] = await Promise.all([
      json('ecs', 'describe-task-definition', '--task-definition', services[0].taskDefinition),
      ecs('describe-tasks', '--tasks', ...taskArns),
    ]);
    const digest = `sha256:${events.at(-1)?.subject.digest.sha256}`;
    expect(taskDefinition.containerDefinitions).toMatchObject([
      { name: 'orders', image: `${events.at(-1)?.subject.name}@${digest}` },
    ]);
    expect(tasks).toHaveLength(2);
    for (const { containers } of tasks) expect(containers).toMatchObject([{ imageDigest: digest }]);
  });

  test('one deployment, which is the one of the report, and the healthy targets that the record names', async () => {
    const report = document('report');
    const health = document('health');
    const [{ serviceDeployments }, { services }, { TargetGroups }] = await Promise.all([
      json('ecs', 'describe-service-deployments', '--service-deployment-arns', report.serviceDeployment),
      ecs('describe-services', '--services', 'orders'),
      json('elbv2', 'describe-target-groups', '--names', 'acme-prod-orders'),
    ]);
    expect(serviceDeployments).toMatchObject([
      { status: 'SUCCESSFUL', targetServiceRevision: { arn: report.serviceRevision } },
    ]);
    expect(services[0].deployments).toMatchObject([
      { taskDefinition: report.taskDefinition, rolloutState: 'COMPLETED', runningCount: 2 },
    ]);
    expect(health.tasks).toHaveLength(2);
    const [{ TargetGroupArn }] = TargetGroups;
    expect(health.targetGroups).toMatchObject([{ arn: TargetGroupArn }]);
    const { TargetHealthDescriptions: targets } = await json(
      ...['elbv2', 'describe-target-health', '--target-group-arn', TargetGroupArn],
    );
    expect(healthyAddresses(targets)).toEqual(
      health.tasks.map(({ address }: { address: string }) => address).sort(),
    );
  });

  test('an inspected image, with the findings on which the verdict was given', async () => {
    const digest = `sha256:${events.at(-1)?.subject.digest.sha256}`;
    const { imageScanStatus, imageScanFindings } = await json(
      ...['ecr', 'describe-image-scan-findings', '--repository-name', 'acme/orders'],
      ...['--image-id', `imageDigest=${digest}`],
    );
    const verdict = document('verdict');
    expect(imageScanStatus.status).toBe('COMPLETE');
    expect(verdict).toMatchObject({ decision: 'allow', subject: { digest } });
    expect(imageScanFindings.findings).toHaveLength(document('findings').findings.length);
  });
});

describeWith('cosign', 'cosign reads the record of a delivery', (program) => {
  test('and verifies every event about the image with the public keys of KMS, over the image itself', async () => {
    const home = join(folder, 'cosign');
    mkdirSync(home);
    for (const { keyId, publicKey } of platform.trust.keys) writeFileSync(join(home, keyId), publicKey);
    const vault = platform.tenants[ORDERS.tenant]?.vault(ORDERS.environment);
    const { writer } = await registryOf(platform.aws, operator());
    const cosign = command(program, home);
    for (const seq of [1, 2, 3, 4, 5, 6, 7]) {
      const name = `000${seq}.dsse.json`;
      const { bytes = Buffer.of() } = (await vault?.read(`changes/prod/orders/${change}/${name}`)) ?? {};
      writeFileSync(join(home, name), bytes);
      const { subject, signatures } = readEvent(Buffer.from(bytes));
      const image = await writer.readManifest('acme/orders', `sha256:${subject.digest.sha256}`);
      if (image === 'absent') throw new Error(`event ${seq} is about an image that is not there`);
      writeFileSync(join(home, 'image'), image.bytes);
      const options = ['--key', signatures[0]?.keyid ?? '', '--signature', name, '--insecure-ignore-tlog'];
      const type = 'https://tenant-delivery.dev/change-event/v1';
      await cosign(['verify-blob-attestation', ...options, '--type', type, 'image']);
    }
  });
});

interface Event {
  /** SHA-256 of the envelope as it is stored. */
  readonly stored: string;
  readonly signatures: readonly { readonly keyid: string }[];
  readonly subject: { readonly name: string; readonly digest: { readonly sha256: string } };
  readonly prev: { readonly sha256: string } | null;
  readonly transition: { readonly to: string };
  readonly change: Readonly<Record<string, string>>;
  readonly evidence: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
}

/** An event read without any code of ours. */
function readEvent(bytes: Buffer): Event {
  const { payload, signatures } = JSON.parse(bytes.toString());
  const { subject, predicate } = JSON.parse(Buffer.from(payload, 'base64').toString());
  return { ...predicate, subject: subject[0], signatures, stored: sha256(bytes) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
