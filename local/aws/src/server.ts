import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type House } from './answer.ts';
import { readExchange } from './wire/exchange.ts';
import { dateIn } from './world/deviations.ts';

/** Answers requests below one path by itself, whole. */
export type Mounted = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Milliseconds that an idle connection stays open. After Node's five seconds a client on a busy machine takes one that is just
 * being closed, and every retry another such one: ECONNRESET.
 */
const KEEP_ALIVE = 75_000;

/** Listens on loopback alone, on the first of the ports that is free (0 is always). Paths that are mounted go to their owner, all others to the AWS services. */
export async function listen(
  house: House,
  mounts: Readonly<Record<string, Mounted>>,
  ports: readonly number[] = [0],
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const [, mounted] = Object.entries(mounts).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const done = mounted ? mounted(request, response) : serve(house, request, response);
    done.catch((cause: unknown) => fail(response, cause));
  });
  server.keepAliveTimeout = KEEP_ALIVE;
  await takePort(server, ports);
  const { port: chosen } = server.address() as AddressInfo; // a TCP server that listens has one
  return { port: chosen, close: () => closeServer(server) };
}

async function takePort(server: Server, [port = 0, ...others]: readonly number[]): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    if (Reflect.get(Object(cause), 'code') !== 'EADDRINUSE' || others.every((other) => other === port))
      throw cause;
    await takePort(server, others);
  }
}

async function serve(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await answer(house, await readExchange(request));
  if (reply === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const head = request.method === 'HEAD' ? {} : { 'content-length': String(Buffer.byteLength(reply.body)) };
  response.writeHead(reply.status, { ...reply.headers, ...head, ...dateIn(house.world) });
  response.end(reply.body);
}

function fail(response: ServerResponse, cause: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain' });
  response.end(`local-aws failed: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
