import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as timer } from 'node:timers/promises';

interface Kept {
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * A server that hands each question on to `origin`, and answers one that was asked before with the same bytes, after
 * `latency` milliseconds. What a question is about is in its target and its body; who asks and when does not count.
 */
export async function answeringAgain(
  origin: string,
  latency: number,
): Promise<{ readonly url: string; close(): void }> {
  const kept = new Map<string, Promise<Kept>>();
  const server = createServer(async (question, response) => {
    const body = await bytesOf(question);
    const key = `${question.headers['x-amz-target']} ${body}`;
    const known = kept.get(key) ?? handOn(origin, question, body);
    kept.set(key, known);
    const [{ status, type, bytes }] = await Promise.all([known, timer(latency)]);
    response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
    close: () => server.close(),
  };
}

/** With its headers as they came, the host among them: they are signed. */
async function handOn(
  origin: string,
  { url, method, headers }: IncomingMessage,
  body: Buffer,
): Promise<Kept> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(new URL(url ?? '/', origin), { method: method ?? 'POST', headers, agent: false }, resolve)
    .on('error', reject)
    .end(body);
  const answer = await promise;
  return {
    status: answer.statusCode ?? 502,
    type: String(answer.headers['content-type']),
    bytes: await bytesOf(answer),
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // a stream without an encoding
  return Buffer.concat(chunks);
}
