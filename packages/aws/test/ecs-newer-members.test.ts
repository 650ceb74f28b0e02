import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { registrable } from '@tenant-delivery/deployment/task-definition/task-definition';
import { clear } from '@tenant-delivery/tenancy/clearance';
import { ecsDeployer } from '../src/ecs/deployer.ts';
import { ecsServices } from '../src/ecs/services.ts';
import { clientConfig } from '../src/session/client-config.ts';

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
const DESCRIBED = {
  taskDefinitionArn: `${ARN}:task-definition/acme-prod-orders:7`,
  family: 'acme-prod-orders',
  revision: 7,
  status: 'ACTIVE',
  registeredAt: 1_795_000_000.5,
  memberOfNextYear: { deep: [{ kept: '' }] },
  containerDefinitions: [
    {
      name: 'orders',
      image: 'x',
      alsoNew: true,
      environment: [{ name: 'E', value: '', sealed: 'by-the-host' }],
      logConfiguration: { logDriver: 'awslogs', options: {}, sampling: { rate: 0.5 } },
    },
  ],
  volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', replicas: [1, 2] } }],
};

const bodies: unknown[] = [];
/** ECS of next year: it answers members that this release has never heard of. */
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    bodies.push(JSON.parse(body));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ taskDefinition: DESCRIBED, tags: [{ key: 'tenant', value: 'acme' }] }));
  });
});

const session = {
  clientConfig: () =>
    clientConfig({ region: 'eu-west-1', local: true, scale: 1, userAgent: 'test' }, async () => ({
      accessKeyId: 'AKIA',
      secretAccessKey: 'not-a-secret',
      sessionToken: 'none',
      expiration: new Date(Date.now() + 3_600_000),
    })),
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
});
afterAll(() => {
  delete process.env['AWS_ENDPOINT_URL'];
  server.close();
});

test('a member that AWS adds after this release is read, kept and registered again', async () => {
  const definition = await ecsServices(session, 'deploy').taskDefinition('acme-prod-orders');
  expect(definition).toMatchObject({ document: DESCRIBED, tags: [{ key: 'tenant', value: 'acme' }] });
  const now = Date.now();
  const clearance = await cleared(now);
  await ecsDeployer(session, clearance, now).register(registrable(DESCRIBED), definition?.tags ?? []);
  const { family, memberOfNextYear, containerDefinitions, volumes } = DESCRIBED;
  const tags = [{ key: 'tenant', value: 'acme' }];
  expect(bodies.at(-1)).toEqual({ family, memberOfNextYear, containerDefinitions, volumes, tags });
});

test('nothing that changes a service is made without a clearance, or with an old one', async () => {
  const clearance = await cleared(0);
  expect(() => ecsDeployer(session, { ...clearance }, 0)).toThrow('not given by clear()');
  expect(() => ecsDeployer(session, clearance, 11 * 60_000)).toThrow('too long ago');
});

/** A clearance of acme's orders, given at this time. */
async function cleared(now: number) {
  const delivery = await inMemoryDelivery();
  const clusterArn = `${ARN}:cluster/acme-prod`;
  const facts = {
    identity: delivery.as('deploy').identity,
    region: 'eu-west-1',
    cluster: { arn: clusterArn, status: 'ACTIVE' },
    service: { arn: `${ARN}:service/acme-prod/orders`, clusterArn, status: 'ACTIVE' },
  };
  return clear('service', await delivery.admission(), facts, now);
}
