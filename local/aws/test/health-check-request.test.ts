import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { probeAt } from '../src/runtimes/address.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

async function serving(answer: RequestListener) {
  const server = createServer(answer);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }; // a TCP server that listens has one
}

/** As if the machine had no time for this process. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('a service that answers is well although this process was stalled for longer than it may take', async () => {
  const address = await serving((_, response) => response.end('well'));
  const asked = probeAt(address, '/healthz', 400);
  stall(600);
  expect(await asked).toEqual({ kind: 'answered', status: 200 });
});

test('a service that does not answer is over its time', async () => {
  const address = await serving(() => {});
  expect(await probeAt(address, '/healthz', 50)).toEqual({ kind: 'timeout' });
});
