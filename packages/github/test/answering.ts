import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { githubClient } from '../src/session/github-client.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is; undefined breaks the connection. */
  readonly body: unknown;
}

/** A GitHub of a few lines, for answers that local-github never gives. Notes what it was asked and who waited. */
export async function githubAnswering(answer: (url: URL, method: string) => Answer) {
  const asked: string[] = [];
  const slept: number[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://github.example');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const { status = 200, headers = {}, body } = answer(url, request.method ?? 'GET');
    if (body === undefined) return void request.socket.destroy();
    const json = typeof body !== 'string';
    response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain', ...headers });
    response.end(json ? JSON.stringify(body) : body);
  });
  server.on('connection', (socket) => socket.unref()); // a test that fails closes nothing
  await once(server.listen(0, '127.0.0.1').unref(), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const clock: Clock = { now: () => 0, sleep: async (milliseconds) => void slept.push(milliseconds) };
  return {
    url,
    asked,
    slept,
    clock,
    clientFor: (token: string) => githubClient(url, token, clock),
    client: await githubClient(url, 'a-token', clock),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
