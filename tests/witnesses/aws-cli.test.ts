import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { simulatedOf } from '@tenant-delivery/local-aws/runtimes/of-world';
import { pushLayout } from '@tenant-delivery/oci/registry/push';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { acmeSandbox, BUILD_JOB, contractOf, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { healthyAddresses, taskAddresses } from './addresses.ts';
import { type Command, command } from './command.ts';
import { buildImage, registryOf } from './image.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

const SCALE = 120; // a session of an hour lasts half a minute
const VAULT = 'td-vault-acme-prod-000011112222';

describeWith('aws', 'the aws command line, with the keys of an operator', (program) => {
  let sandbox: Sandbox;
  let aws: Command;
  let image: string; // host/repository@digest
  let digest: string;

  beforeAll(async () => {
    sandbox = await acmeSandbox(SCALE);
    simulatedOf(sandbox.aws.world).script('orders', { log: [{ atSeconds: 1, line: 'listening on 8080' }] });
    const { writer } = await registryOf(sandbox.aws, sandbox.operator);
    const { layout } = await buildImage(writer, sandbox.folder, {
      from: `${writer.host}/base/node:24-old`,
      content: '// orders',
    });
    ({ digest } = await pushLayout(writer, layout, { repository: 'acme/orders', tag: 'v1' }));
    image = `${writer.host}/acme/orders@${digest}`;
    aws = command(program, sandbox.folder, {
      AWS_ENDPOINT_URL: sandbox.aws.url,
      AWS_REGION: ORDERS.region,
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      ...keys(sandbox.operator),
    });
  });
  afterAll(() => sandbox.close());

  const json = async (...args: readonly string[]) => JSON.parse(await aws(args)); // what the command line prints, as it is

  test('says whose keys they are', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({
      Account: ORDERS.account,
      Arn: 'arn:aws:iam::000011112222:user/operator',
    });
  });

  test('lists the pushed image and, over several pages, what is vulnerable in it', async () => {
    const ecr = (operation: string, ...args: readonly string[]) =>
      json('ecr', operation, '--repository-name', 'acme/orders', ...args);
    const [described, scanned] = await Promise.all([
      ecr('describe-images', '--image-ids', 'imageTag=v1'),
      ecr('describe-image-scan-findings', '--image-id', `imageDigest=${digest}`, '--page-size', '2'),
    ]);
    expect(described.imageDetails).toMatchObject([
      { imageDigest: digest, imageTags: ['v1'], imageScanStatus: { status: 'COMPLETE' } },
    ]);
    expect(scanned.imageScanFindings.findings.map(({ name }: { name: string }) => name).sort()).toEqual([
      'CVE-2023-5363',
      'CVE-2023-5678',
      'CVE-2024-6119',
    ]);
  });

  test('deploys a revision: registered, rolled out, healthy behind the balancer, its log readable', async () => {
    const service = ['--cluster', 'acme-prod', '--service', 'orders'] as const;
    const before = await json('ecs', 'describe-task-definition', '--task-definition', 'acme-prod-orders');
    const { family, networkMode, cpu, memory, executionRoleArn, taskRoleArn, ...rest } =
      before.taskDefinition;
    const [container] = rest.containerDefinitions;
    const input = join(sandbox.folder, 'revision.json');
    writeFileSync(
      input,
      JSON.stringify({
        ...{ family, networkMode, cpu, memory, executionRoleArn, taskRoleArn },
        requiresCompatibilities: rest.requiresCompatibilities,
        runtimePlatform: rest.runtimePlatform,
        containerDefinitions: [{ ...container, image }],
      }),
    );
    const { taskDefinition } = await json(
      'ecs',
      'register-task-definition',
      '--cli-input-json',
      `file://${input}`,
    );
    expect(taskDefinition.revision).toBe(before.taskDefinition.revision + 1);

    const revision = taskDefinition.taskDefinitionArn;
    const updated = await json('ecs', 'update-service', ...service, '--task-definition', revision);
    expect(updated.service.deployments[0]).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
    });
    const { serviceDeployments } = await json('ecs', 'list-service-deployments', ...service);
    const [newest] = serviceDeployments;
    const seen = await until('SUCCESSFUL', async () => {
      const arn = newest.serviceDeploymentArn;
      const answer = await json('ecs', 'describe-service-deployments', '--service-deployment-arns', arn);
      return answer.serviceDeployments[0];
    });
    expect(seen).toMatchObject({ targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2 } });

    const [{ services }, { taskArns }] = await Promise.all([
      json('ecs', 'describe-services', '--cluster', 'acme-prod', '--services', 'orders'),
      json('ecs', 'list-tasks', '--cluster', 'acme-prod', '--service-name', 'orders'),
    ]);
    expect(services[0].deployments).toMatchObject([
      { taskDefinition: revision, rolloutState: 'COMPLETED', runningCount: 2, failedTasks: 0 },
    ]);
    const [{ targetGroupArn }] = updated.service.loadBalancers;
    const [{ tasks }, { TargetHealthDescriptions: targets }] = await Promise.all([
      json('ecs', 'describe-tasks', '--cluster', 'acme-prod', '--tasks', ...taskArns),
      json('elbv2', 'describe-target-health', '--target-group-arn', targetGroupArn),
    ]);
    expect(tasks).toHaveLength(2);
    for (const task of tasks) {
      expect(task).toMatchObject({
        lastStatus: 'RUNNING',
        taskDefinitionArn: revision,
        containers: [{ name: 'orders', imageDigest: digest }],
      });
    }
    expect(healthyAddresses(targets)).toEqual(taskAddresses(tasks));

    const stream = `orders/orders/${taskArns[0].split('/').at(-1)}`;
    const group = '/td/acme/prod/orders';
    const { events } = await json(
      'logs',
      'get-log-events',
      '--log-group-name',
      group,
      '--log-stream-name',
      stream,
    );
    expect(events).toMatchObject([{ message: 'listening on 8080' }]);
  });

  test('writes a document once, never twice, and reads it back with its version', async () => {
    const body = join(sandbox.folder, 'document');
    const read = join(sandbox.folder, 'read');
    writeFileSync(body, '{"schemaVersion":1}');
    const at = ['--bucket', VAULT, '--key', 'witness/one'] as const;
    const create = ['s3api', 'put-object', ...at, '--body', body, '--if-none-match', '*'] as const;
    const { VersionId } = await json(...create);
    expect(await aws.refused(create)).toContain('PreconditionFailed');
    const [listed, versions] = await Promise.all([
      json('s3api', 'list-objects-v2', '--bucket', VAULT, '--prefix', 'witness/'),
      json('s3api', 'list-object-versions', '--bucket', VAULT, '--prefix', 'witness/'),
      aws(['s3api', 'get-object', ...at, '--version-id', VersionId, read]),
    ]);
    expect(listed.Contents).toMatchObject([{ Key: 'witness/one', Size: 19 }]);
    expect(versions.Versions).toMatchObject([{ Key: 'witness/one', VersionId, IsLatest: true }]);
    expect(readFileSync(read, 'utf8')).toBe('{"schemaVersion":1}');
    const erase = ['s3api', 'delete-object', ...at, '--version-id', VersionId] as const;
    expect(await aws.refused(erase)).toContain('AccessDenied'); // Object Lock
  });

  test('signs a digest in the session of a job, and node:crypto verifies it with the public key', async () => {
    const token = join(sandbox.folder, 'token');
    const runner = sandbox.runner({ ...BUILD_JOB, exp: Math.floor(sandbox.aws.clock.now() / 1000) + 3600 });
    writeFileSync(token, await runner.idToken('sts.amazonaws.com'));
    const { Credentials } = await json(
      ...['sts', 'assume-role-with-web-identity', '--role-session-name', 'td-acme-prod-9001-1'],
      ...['--role-arn', 'arn:aws:iam::000011112222:role/td/prod/td-prod-build'],
      ...['--web-identity-token', `file://${token}`],
    );
    const text = Buffer.from('what was built');
    const hash = join(sandbox.folder, 'hash');
    writeFileSync(hash, createHash('sha256').update(text).digest());
    const key = ['--key-id', 'alias/td/prod/build'] as const;
    const sign = [
      ...['kms', 'sign', ...key, '--message', `fileb://${hash}`, '--message-type', 'DIGEST'],
      ...['--signing-algorithm', 'ECDSA_SHA_256'],
    ];
    const env = {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
    };
    const [signed, published, refused] = await Promise.all([
      aws(sign, { env }),
      json('kms', 'get-public-key', ...key),
      aws.refused(sign), // the operator's keys are not the job's
    ]);
    const { Signature } = JSON.parse(signed);
    const publicKey = createPublicKey({
      key: Buffer.from(published.PublicKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    expect(verify('sha256', text, publicKey, Buffer.from(Signature, 'base64'))).toBe(true);
    expect(refused).toContain('AccessDeniedException');
  });

  test('is refused with a wrong secret, by each service in its own words', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'wrong' };
    const said = await Promise.all([
      aws.refused(['ecs', 'describe-clusters'], { env }),
      aws.refused(['sts', 'get-caller-identity'], { env }),
      aws.refused(['s3api', 'list-objects-v2', '--bucket', VAULT], { env }),
    ]);
    expect(said.map(errorName)).toEqual([
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'SignatureDoesNotMatch',
    ]);
  });

  test("finds nothing of another tenant's account", async () => {
    const globex = await contractOf('globex');
    await sandbox.aws.seedTenant(globex, tenantSeed(globex));
    const theirs = 'td-vault-globex-prod-000033334444';
    const said = await Promise.all([
      aws.refused(['ecr', 'describe-images', '--repository-name', 'globex/billing']),
      aws.refused(['ecs', 'describe-services', '--cluster', 'globex-prod', '--services', 'billing']),
      aws.refused(['elbv2', 'describe-target-groups', '--names', 'globex-prod-billing']),
      aws.refused(['s3api', 'list-objects-v2', '--bucket', theirs]),
    ]);
    expect(said.map(errorName)).toEqual([
      'RepositoryNotFoundException',
      'ClusterNotFoundException',
      'TargetGroupNotFound',
      'AccessDenied',
    ]);
  });
});

function keys({ accessKeyId, secretAccessKey }: Sandbox['operator']) {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** The error as the command line knows it. */
function errorName(said: string): string | undefined {
  return /An error occurred \((\w+)\)/.exec(said)?.[1];
}

/** Asks until the status is `wanted`; a call takes long enough that nothing has to wait between them. */
async function until<T extends { readonly status: string }>(
  wanted: string,
  ask: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const seen = await ask();
    if (seen.status === wanted) return seen;
    if (tries === 40) throw new Error(`still ${seen.status} after ${tries} questions`);
  }
}
