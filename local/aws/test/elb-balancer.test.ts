import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { networkOf } from '../src/runtimes/network.ts';
import type { Reach } from '../src/runtimes/runtime.ts';
import { seedStrategy } from '../src/services/ecs.ts';
import { balancer } from '../src/services/elasticloadbalancing.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, digest, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let servers: Server[];
let url: string;

beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  servers = [];
  const serve = balancer(world);
  const port = await listen(createServer((request, response) => void serve(request, response)));
  url = `http://127.0.0.1:${port}/_local/balancers/${ACCOUNT}/acme-prod-internal`;
});
afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)); // TCP
  });
}

function answerAt(reach: Reach | undefined) {
  for (const address of ['10.0.1.4', '10.0.2.4']) {
    networkOf(world).join(ACCOUNT, REGION, address, {
      stop: () => undefined,
      probe: async () => ({ kind: 'answered', status: 200 }),
      reach: () => reach,
      checkContainer: async () => true,
      anomalous: () => false,
    });
  }
}

describe('a request through the balancer', () => {
  test('reaches each healthy task in turn', async () => {
    const tasks = (await ecsApi(world).tasks()).map(({ taskArn }) => taskArn?.split('/').at(-1));
    const answers = await Promise.all([fetch(url), fetch(`${url}/`)].map(async (one) => (await one).text()));
    expect(answers.map((text) => text.split(' ')[1]).sort()).toEqual([...tasks].sort());
    expect(answers[0]).toContain(digest('a'));
  });

  test('goes to each side of a canary deployment by its share', async () => {
    seedStrategy(world, ACCOUNT, REGION, {
      cluster: 'acme-prod',
      service: 'orders',
      deploymentConfiguration: { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 10 } },
      testHost: 'test.orders.internal',
    });
    const api = ecsApi(world);
    await api.release('b');
    while ((await api.latest()).lifecycleStage !== 'PRODUCTION_TRAFFIC_SHIFT') await world.run(1);
    const ask = async (headers = {}) => (await (await fetch(url, { headers })).text()).trim().at(-1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.filter((one) => one === 'b')).toHaveLength(2);
    expect(await ask({ 'x-forwarded-host': 'test.orders.internal' })).toBe('b');
  });

  test('arrives whole: method, path, query, body, and who asked', async () => {
    const port = await listen(
      createServer(async (request, response) => {
        const { method, url: path, headers } = request;
        let body = '';
        for await (const part of request) body += String(part);
        response.writeHead(201, { 'x-version': '2' });
        response.end(
          JSON.stringify({ method, path, body, from: headers['x-forwarded-for'], host: headers.host }),
        );
      }),
    );
    answerAt({ kind: 'address', host: '127.0.0.1', port });
    const answer = await fetch(`${url}/orders/1?dry=yes`, { method: 'POST', body: '{"sku":1}' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-version')).toBe('2');
    expect(await answer.json()).toEqual({
      method: 'POST',
      path: '/orders/1?dry=yes',
      body: '{"sku":1}',
      from: '127.0.0.1',
      host: expect.stringMatching(/^internal-acme-prod-internal-\d+\.eu-west-1\.elb\.amazonaws\.com$/),
    });
  });

  test('is answered 502 where a target does not answer, and 503 where there is none', async () => {
    const gone = await listen(createServer());
    await new Promise((resolve) => servers.at(-1)?.close(resolve));
    answerAt({ kind: 'address', host: '127.0.0.1', port: gone });
    expect((await fetch(url)).status).toBe(502);
    await ecsApi(world).update({ desiredCount: 0 });
    await world.run(120);
    expect((await fetch(url)).status).toBe(503);
  });

  test.each([
    ['another account', '000033334444/acme-prod-internal'],
    ['another name', `${ACCOUNT}/other`],
  ])('is answered 404 for %s', async (_, path) => {
    const { status } = await fetch(`${new URL(url).origin}/_local/balancers/${path}/`);
    expect(status).toBe(404);
  });
});
