import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as timer } from 'node:timers/promises';

/** Questions whose answers are large, and the same each time. */
export const PAGES_OF_FINDINGS = /DescribeImageScanFindings$/;

interface Kept {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
}

/**
 * A server that hands each question on to `origin`, and answers after `latency` milliseconds. A question that is `remembered`
 * and was asked before gets the same bytes again, so that writing them is no part of what is measured. Its target and its
 * body say what a question is about; who asks and when does not count.
 */
export async function answeringAgain(
  origin: string,
  latency: number,
  remembered?: RegExp,
): Promise<{ readonly url: string; asked(): number; most(): number; close(): void }> {
  let asked = 0;
  let under = 0;
  let most = 0;
  const kept = new Map<string, Promise<Kept>>();
  const server = createServer(async (question, response) => {
    asked += 1;
    under += 1;
    most = Math.max(most, under);
    const body = await bytesOf(question);
    const target = String(question.headers['x-amz-target']);
    const key = `${target} ${body}`;
    const answer = kept.get(key) ?? handOn(origin, question, body);
    if (remembered?.test(target)) kept.set(key, answer);
    const [{ status, headers, bytes }] = await Promise.all([answer, timer(latency)]);
    const { date: _, ...same } = headers; // each answer has its own time
    under -= 1;
    response.writeHead(status, { ...same, 'content-length': bytes.length }).end(bytes);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
    asked: () => asked,
    /** Questions that waited for their answer at once. */
    most: () => most,
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
  const { connection: _, 'transfer-encoding': __, ...told } = answer.headers; // of this one connection
  return { status: answer.statusCode ?? 502, headers: told, bytes: await bytesOf(answer) };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // a stream without an encoding
  return Buffer.concat(chunks);
}
