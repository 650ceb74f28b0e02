import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { ecsDeployer } from '@tenant-delivery/aws/ecs/deployer';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { required } from '@tenant-delivery/aws/errors/translate';
import { kmsSigner } from '@tenant-delivery/aws/kms/signer';
import { logsTail } from '@tenant-delivery/aws/logs/tail';
import { callerIdentity } from '@tenant-delivery/aws/session/caller-identity';
import { type Session, startSession } from '@tenant-delivery/aws/session/session';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { deploymentByNumber, LIST_MARGIN } from '@tenant-delivery/deployment/follow/service-deployment';
import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import {
  logStreamOf,
  registrable,
  withImage,
} from '@tenant-delivery/deployment/task-definition/task-definition';
import { DAY, parseImage } from '@tenant-delivery/domain';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { clear } from '@tenant-delivery/tenancy/clearance';
import { keyAlias } from '@tenant-delivery/tenancy/derived-names';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { allowing, whileAllowing } from '../stage/granting.ts';

const CLUSTER = 'acme-prod';
const SCALE = 200;

let sandbox: Sandbox;
let session: Session;
let groupArn: string;

beforeAll(async () => {
  sandbox = await acmeSandbox(SCALE);
  const { opened } = await startSession(sandbox.runner(DEPLOY_JOB), sandbox.env, ORDERS, ['deploy']);
  session = await opened;
  groupArn = required((await targets().targetGroup('acme-prod-orders'))?.arn, 'a target group');
});
afterAll(() => sandbox.close());

const services = () => ecsServices(session, 'deploy');
const targets = () => elbv2Targets(session, 'deploy');
const signer = () =>
  kmsSigner(session.clientConfig('deploy'), { key: keyAlias(ORDERS, 'deploy'), duty: 'deploy' });

function answered<T>(answer: T | 'unknown'): T {
  if (answer === 'unknown') throw new Error('ECS gave no answer');
  return answer;
}

/** A deployer of acme's orders, cleared by what is really there. */
async function cleared(): Promise<ServiceDeployer> {
  const admission = await (await inMemoryDelivery()).admission();
  const [identity, cluster, service] = await Promise.all([
    callerIdentity(session, 'deploy'),
    services().cluster(CLUSTER),
    services().service(CLUSTER, 'orders'),
  ]);
  if (!cluster || !service) throw new Error('the sandbox has no service');
  const now = session.clock.now();
  const clearance = clear('service', admission, { identity, region: session.region, cluster, service }, now);
  return ecsDeployer(session, clearance, now);
}

/** The running task definition with another base image put in, not registered yet. */
async function anotherDocument(tag: string) {
  const running = await services().service(CLUSTER, 'orders');
  const current = await services().taskDefinition(running?.taskDefinition ?? '');
  if (!current) throw new Error('the sandbox has no task definition');
  const { repositories } = ecrState(sandbox.aws.world, ORDERS.account, ORDERS.region);
  const [base, orders] = [repositories['base/node'], repositories['acme/orders']];
  const digest = base?.tags[tag];
  if (!base || !orders || !digest) throw new Error(`the sandbox has no base/node:${tag}`);
  const image = parseImage(
    `${sandbox.aws.registry}/acme/orders@${copyImage(sandbox.aws.world, base, orders, digest)}`,
  );
  if (!image) throw new Error('an image goes by its digest');
  return { current, image, document: withImage(registrable(current.document), 'orders', image) };
}

describe('what is there', () => {
  test('is told in our words', async () => {
    const service = await services().service(CLUSTER, 'orders');
    expect(service).toMatchObject({ status: 'ACTIVE', controller: 'ECS', strategy: 'ROLLING', desired: 2 });
    expect(service?.deployments).toMatchObject([{ primary: true, taskDefinition: service?.taskDefinition }]);
    expect(await services().cluster(CLUSTER)).toMatchObject({ status: 'ACTIVE' });
    const definition = await services().taskDefinition('acme-prod-orders');
    expect(definition).toMatchObject({
      arn: service?.taskDefinition,
      family: 'acme-prod-orders',
      active: true,
    });
    expect(await targets().loadBalancer('acme-prod-internal')).toMatchObject({ scheme: 'internal' });
    const group = await targets().targetGroup('acme-prod-orders');
    expect(group?.loadBalancers).toHaveLength(1);
    expect(await targets().targetGroup(group?.arn ?? '')).toEqual(group);
    expect(await autoscalingRange(session, 'deploy').range(CLUSTER, 'orders')).toEqual({
      minimum: 2,
      maximum: 6,
    });
  });

  test("is undefined only on AWS's own word", async () => {
    await expect(services().cluster('nowhere')).rejects.toThrow(
      /not authorized to perform: ecs:DescribeClusters/,
    );
    const deploy = { account: ORDERS.account, name: 'td-prod-deploy' };
    await whileAllowing(sandbox.aws, deploy, allowing(['ecs:Describe*']), async () => {
      expect(await services().cluster('nowhere')).toBeUndefined();
      expect(await services().service(CLUSTER, 'nothing')).toBeUndefined();
    });
    expect(await services().taskDefinition('nothing')).toBeUndefined();
    expect(await targets().loadBalancer('nothing')).toBeUndefined();
    expect(await targets().targetGroup('nothing')).toBeUndefined();
    expect(await autoscalingRange(session, 'deploy').range(CLUSTER, 'nothing')).toBeUndefined();
    expect(await logsTail(session, 'deploy').tail('/td/acme/prod/orders', 'nothing', 5)).toBeUndefined();
  });

  const reads: readonly [string, string, () => Promise<unknown>][] = [
    ['ecs', 'DescribeClusters', () => services().cluster(CLUSTER)],
    ['ecs', 'DescribeServices', () => services().service(CLUSTER, 'orders')],
    ['ecs', 'DescribeTaskDefinition', () => services().taskDefinition('acme-prod-orders')],
    ['ecs', 'ListServiceDeployments', () => services().deployments(CLUSTER, 'orders', session.clock.now())],
    ['ecs', 'ListTasks', () => services().tasks(CLUSTER, 'orders', 'RUNNING')],
    ['ecs', 'DescribeTasks', () => services().tasks(CLUSTER, 'orders', 'RUNNING')],
    ['elasticloadbalancing', 'DescribeLoadBalancers', () => targets().loadBalancer('acme-prod-internal')],
    ['elasticloadbalancing', 'DescribeTargetGroups', () => targets().targetGroup('acme-prod-orders')],
    ['elasticloadbalancing', 'DescribeTargetHealth', () => targets().targets(groupArn)],
    ['elasticloadbalancing', 'DescribeTargetGroupAttributes', () => targets().slowStartSeconds(groupArn)],
    [
      'application-autoscaling',
      'DescribeScalableTargets',
      () => autoscalingRange(session, 'deploy').range(CLUSTER, 'orders'),
    ],
    ['sts', 'GetCallerIdentity', () => callerIdentity(session, 'deploy')],
    ['kms', 'GetPublicKey', () => signer()],
    ['kms', 'Sign', async () => (await signer()).sign(Buffer.from('x'))],
  ];

  test.each(reads)('is never taken from an empty answer to %s %s', async (service, operation, read) => {
    sandbox.aws.fail({ service, operation, nth: 1, kind: 'empty-reply' });
    await expect(read()).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });

  test.each(reads)('is not asked for again when AWS denies %s %s', async (service, operation, read) => {
    sandbox.aws.fail({ service, operation, nth: 1, kind: 'denied' });
    const named = { code: 'AWS_DENIED', message: expect.stringContaining(`:${operation}`) };
    await expect(read()).rejects.toMatchObject(named); // a second try would have been let through
  });
});

describe('what is changed', () => {
  test('is registered whole, updated once, and followed to tasks that the balancer calls healthy', async () => {
    const { current, image, document } = await anotherDocument('24-old');
    const deployer = await cleared();
    const registered = answered(await deployer.register(document, current.tags));
    expect(registered).toMatchObject({
      family: 'acme-prod-orders',
      tags: expect.arrayContaining([...current.tags]),
    });
    sandbox.aws.fail({ service: 'ecs', operation: 'UpdateService', nth: 1, kind: 'throttle' });
    const updated = await deployer.update({ taskDefinition: registered.arn });
    if (updated === 'unknown') throw new Error('the answer came');
    const rollout = updated.deployments.find(({ primary }) => primary);
    expect(rollout).toMatchObject({ taskDefinition: registered.arn, rolloutState: 'IN_PROGRESS' });
    const sent = sandbox.aws.calls.filter(({ operation }) => operation === 'UpdateService');
    expect(sent).toMatchObject([{ attempts: 2, effects: 1 }]);
    expect(sent[0]?.input).toEqual({ cluster: CLUSTER, service: 'orders', taskDefinition: registered.arn });

    const since = (rollout?.createdAt ?? 0) - LIST_MARGIN;
    const ours = await until(
      async () =>
        deploymentByNumber(rollout?.id ?? '', await services().deployments(CLUSTER, 'orders', since)),
      (found) => found !== undefined, // ECS lists it some seconds later
    );
    if (!ours) throw new Error('ECS lists the deployment');
    expect(await services().revision(ours.targetRevision)).toMatchObject({ taskDefinition: registered.arn });
    const { targetGroups } = await services().revision(ours.targetRevision);
    const ended = await until(
      () => services().deployment(ours.arn),
      ({ status }) => status === 'SUCCESSFUL',
    );
    expect(ended).toMatchObject({ tasks: { requested: 2, running: 2, pending: 0 } });

    const running = await services().tasks(CLUSTER, 'orders', 'RUNNING');
    const started = running.filter(({ startedBy }) => startedBy === rollout?.id);
    expect(started).toHaveLength(2);
    expect(new Set(started.map(({ zone }) => zone)).size).toBe(2);
    expect(started.map(({ containers }) => containers[0]?.imageDigest)).toEqual([image.digest, image.digest]);
    const states = await targets().targets(targetGroups[0] ?? '');
    for (const { address } of started) {
      expect(states.find((each) => each.address === address)).toMatchObject({ state: 'healthy', port: 8080 });
    }
  });

  test('is looked into, and not sent again, when the answer is lost', async () => {
    const { current, document } = await anotherDocument('24');
    const deployer = await cleared();
    const { arn } = answered(await deployer.register(document, current.tags));
    const before = sandbox.aws.calls.length;
    sandbox.aws.fail({ service: 'ecs', operation: 'UpdateService', nth: 1, kind: 'reset-after-effect' });
    expect(await deployer.update({ taskDefinition: arn })).toBe('unknown');
    const sent = sandbox.aws.calls.slice(before).filter(({ operation }) => operation === 'UpdateService');
    expect(sent).toMatchObject([{ attempts: 1, effects: 1 }]);
    await settledOn(arn);
  });

  test('is explained by its dead tasks and their last lines, and goes back when it is stopped', async () => {
    const { current, document } = await anotherDocument('24-old');
    const dies = {
      log: [{ atSeconds: 1, line: 'Error: no database' }],
      exit: { code: 3, afterSeconds: 2 },
    };
    // one dies, the others take for ever to start, so that no circuit breaker is faster than this test
    simulatedOf(sandbox.aws.world).script('acme-prod-orders', ({ nth }) =>
      nth === 1 ? dies : { startSeconds: 1e6 },
    );
    const deployer = await cleared();
    const { arn } = answered(await deployer.register(document, current.tags));
    await deployer.update({ taskDefinition: arn });
    const dead = await until(
      async () =>
        (await services().tasks(CLUSTER, 'orders', 'STOPPED')).filter(
          ({ taskDefinition }) => taskDefinition === arn,
        ),
      ({ length }) => length >= 1,
    );
    expect(dead[0]).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 3 }] });
    const place = logStreamOf(document, 'orders', dead[0]?.arn ?? '');
    const lines = () => logsTail(session, 'deploy').tail(place?.group ?? '', place?.stream ?? '', 5);
    sandbox.aws.fail({ service: 'logs', operation: 'GetLogEvents', nth: 1, kind: 'empty-reply' });
    await expect(lines()).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
    expect(await lines()).toEqual(['Error: no database']);
    const [listed] = await services().deployments(CLUSTER, 'orders', session.clock.now() - DAY);
    if (!listed) throw new Error('ECS lists the deployment');
    expect(await deployer.rollBack(listed.arn)).toBe('asked');
    const ended = await until(
      () => services().deployment(listed.arn),
      ({ status }) => /SUCCESSFUL|FAILED/.test(status),
    );
    expect(ended.status).toBe('ROLLBACK_SUCCESSFUL');
    await settledOn(current.arn);
    expect(await deployer.rollBack(listed.arn)).toMatchObject({ refused: expect.any(String) });
  });
});

/** Looks until it holds, every five seconds of the world's clock. */
async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = await look();
    if (holds(seen)) return seen;
    await session.clock.sleep(5_000);
  }
  throw new Error('it never came to hold');
}

/** ECS may still show the service as it was before a change, and that looks settled too. */
async function settledOn(taskDefinition: string): Promise<void> {
  await until(
    () => services().service(CLUSTER, 'orders'),
    (service) =>
      service?.taskDefinition === taskDefinition &&
      service.deployments.every(({ rolloutState }) => rolloutState === 'COMPLETED'),
  );
}
