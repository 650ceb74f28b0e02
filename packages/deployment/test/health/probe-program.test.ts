import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { judgeProbe } from '../../src/health/judge-probe.ts';
import { PROBE_CONTAINER, probeDocument, probeOrder } from '../../src/health/probe-definition.ts';
import { containerNamed } from '../../src/task-definition/task-definition.ts';

/** What the service does at each path; the host of the last request is kept. */
const seen = { host: '', count: 0 };
const server = createServer((request, response) => {
  seen.host = request.headers.host ?? '';
  switch (request.url) {
    case '/flaky':
      seen.count += 1;
      response.writeHead(seen.count % 2 ? 204 : 500).end();
      return;
    case '/late':
      return;
    case '/broken':
      request.socket.destroy();
      return;
    default:
      response.writeHead(Number(request.url?.slice(1))).end('a secret that nobody may see in a log');
  }
});
let port = 0;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port; // a TCP server that listens has one
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Runs what the task definition says, with the order of a route to this machine. */
async function asked(path: string, to: { readonly port?: number; readonly milliseconds?: number } = {}) {
  const terms = { path, status: '200-299', seconds: 5 };
  const route = { host: '127.0.0.1', port: to.port ?? port, tls: false, name: 'orders.acme', path };
  const order = JSON.parse(probeOrder(route, terms)) as Record<string, unknown>; // its own JSON
  const definition = { family: 'f', image: 'i', executionRole: undefined, log: undefined };
  const container = containerNamed(probeDocument(definition), PROBE_CONTAINER) ?? {};
  const [program, ...args] = container['entryPoint'] as readonly string[]; // of the document above
  const command = JSON.stringify({ ...order, ...(to.milliseconds && { milliseconds: to.milliseconds }) });
  expect(program).toBe('node');
  const child = spawn(process.execPath, [...args, command], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [exitCode] = (await once(child, 'close')) as [number]; // its documented arguments
  const log = Buffer.concat(chunks).toString();
  const lines = log.trim().split('\n');
  return { log, ...judgeProbe(terms, { exitCode, reason: undefined, lines }) };
}

test('the program and its judge agree on everything that a service can answer', async () => {
  const [good, wrong, late, broken, unreached, flaky] = await Promise.all([
    asked('/204'),
    asked('/302'),
    asked('/late', { milliseconds: 1_500 }),
    asked('/broken'),
    asked('/200', { port: 1 }),
    asked('/flaky'),
  ]);
  expect(good).toMatchObject({ verdict: 'healthy', status: 204 });
  expect(wrong).toMatchObject({
    verdict: 'unhealthy',
    status: 302,
    why: 'GET /302 got 302, and must get 200-299',
  });
  expect(late).toMatchObject({ verdict: 'unhealthy', why: 'GET /late got no answer in 5 s' });
  expect(broken).toMatchObject({
    verdict: 'unhealthy',
    why: 'the connection ended without an answer to GET /broken',
  });
  expect(unreached).toMatchObject({
    verdict: 'inconclusive',
    why: expect.stringContaining('(ECONNREFUSED)'),
  });
  expect(flaky).toMatchObject({ verdict: 'unhealthy', why: 'GET /flaky got good and bad answers by turns' });
  expect(flaky.log.trim().split('\n')).toHaveLength(5);
  expect(good.log).not.toContain('secret');
  expect(seen.host).toBe('orders.acme');
});
