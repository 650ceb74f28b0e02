import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clearUncontracted } from '@tenant-delivery/tenancy/uncontracted';
import { ecsDeployer } from '../src/ecs/deployer.ts';
import { ecsTaskRunner } from '../src/ecs/task-runner.ts';
import { clientConfig } from '../src/session/client-config.ts';

type Body = Readonly<Record<string, unknown>>;

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
const TASK_DEFINITION = `${ARN}:task-definition/web:2`;
const bodies: Body[] = [];
/** Answers every request as ECS answers one that it will not do, and keeps what came. */
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  request.on('end', () => {
    bodies.push(JSON.parse(text) as Body); // the SDK sends JSON
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: 'InvalidParameterException', message: 'not here' }));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
});
afterAll(() => {
  delete process.env['AWS_ENDPOINT_URL'];
  server.close();
});
beforeEach(() => {
  bodies.length = 0;
});

function hands() {
  const base = { region: 'eu-west-1', local: true, scale: 1, userAgent: 'a test' };
  const credentials = { accessKeyId: 'AK', secretAccessKey: 'not-a-secret', sessionToken: 'none' };
  const session = {
    clientConfig: () => clientConfig(base, async () => ({ ...credentials, expiration: new Date(8e15) }), 1),
  };
  const cluster = { arn: `${ARN}:cluster/main`, tags: {} };
  const clearance = clearUncontracted(
    {
      identity: { account: '000011112222', arn: 'arn:aws:iam::000011112222:user/ci' },
      region: 'eu-west-1',
      names: { cluster: 'main', service: 'web' },
      cluster,
      service: { arn: `${ARN}:service/main/web`, clusterArn: cluster.arn, tags: {} },
    },
    0,
  );
  return { deployer: ecsDeployer(session, clearance, 0), tasks: ecsTaskRunner(session, clearance, 0) };
}

/** Member names of a structure in the SDK's own schemas. */
function membersOf(schema: unknown): readonly string[] {
  const members: unknown = Array.isArray(schema) ? schema[4] : undefined;
  if (!Array.isArray(members) || members.length === 0)
    throw new TypeError('the SDK keeps its schemas elsewhere now');
  return members.map(String);
}

async function sent(work: Promise<unknown>): Promise<Body> {
  await expect(work).rejects.toMatchObject({ code: 'AWS_REFUSED' });
  expect(bodies).toHaveLength(1);
  return bodies[0] ?? {};
}

const ALWAYS = { cluster: 'main', service: 'web', taskDefinition: TASK_DEFINITION };
const further = membersOf(sdk.UpdateServiceRequest$).filter((name) => !(name in ALWAYS));

describe('an UpdateService', () => {
  test('says cluster, service and task definition, and nothing that was not asked for', async () => {
    expect(await sent(hands().deployer.update({ taskDefinition: TASK_DEFINITION }))).toEqual(ALWAYS);
  });

  test.each(further)(
    'says %s when it was asked for, as it was asked for, and nothing else with it',
    async (name) => {
      const members = { [name]: [] };
      expect(await sent(hands().deployer.update({ taskDefinition: TASK_DEFINITION, members }))).toEqual({
        ...ALWAYS,
        [name]: [],
      });
    },
  );

  test('passes on what is newer than the SDK, and is for no other service, whatever was asked', async () => {
    const members = {
      aNewMember: { deep: [null, ''] },
      cluster: 'other',
      service: 'other',
      taskDefinition: 'other',
    };
    expect(await sent(hands().deployer.update({ taskDefinition: TASK_DEFINITION, members }))).toEqual({
      ...ALWAYS,
      aNewMember: { deep: [null, ''] },
    });
  });
});

describe('a RunTask', () => {
  const task = {
    key: 'td-1',
    taskDefinition: TASK_DEFINITION,
    container: 'web',
    startedBy: 'tenant-delivery/1',
  };
  const always = {
    cluster: 'main',
    taskDefinition: TASK_DEFINITION,
    clientToken: 'td-1',
    startedBy: 'tenant-delivery/1',
    count: 1,
  };
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['s-1'], aNewMember: true } };

  test("takes over the service's own network, capacity and platform, and nothing else of it", async () => {
    const service = {
      networkConfiguration,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: 'group' }],
      propagateTags: 'SERVICE',
    };
    const command = ['node', 'migrate.js'];
    expect(await sent(hands().tasks.run({ ...task, service, command }))).toEqual({
      ...always,
      networkConfiguration,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      overrides: { containerOverrides: [{ name: 'web', command }] },
    });
  });

  test('names capacity providers instead of a launch type where the service has them', async () => {
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    const service = { capacityProviderStrategy, launchType: 'FARGATE' };
    expect(await sent(hands().tasks.run({ ...task, service, command: undefined }))).toEqual({
      ...always,
      capacityProviderStrategy,
    });
  });
});
