import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

type Method = 'GET' | 'POST' | 'DELETE';

/** A container engine by its HTTP API ("Docker Engine API"). Nothing that it is told appears in a command line. */
export interface DockerEngine {
  /** Where it listens, as DOCKER_HOST says it. */
  readonly host: string;
  /** One call with a JSON answer; an answer of 400 and more is an `EngineError`. */
  call(method: Method, path: string, body?: object): Promise<unknown>;
  /** A call that may take as long as what it waits for. */
  follow(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<IncomingMessage>;
  /** Sends an archive and reads what the engine says while it loads it. */
  load(archive: Readable): Promise<string>;
}

/** There is none to run tasks; the message says what to do. */
class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

/** The engine has answered, and says no. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock';
const PATIENCE = 60_000; // real milliseconds; starting a container is slow where much else runs

/** The engine that DOCKER_HOST names: `unix://PATH`, or `tcp://HOST:PORT` without TLS. Throws for anything else. */
export function engineAt(host = DEFAULT_HOST): DockerEngine {
  const address = addressOf(host);
  const follow: DockerEngine['follow'] = (method, path, body, signal) =>
    new Promise((resolve, reject) => {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        json === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
      const asked = request({ ...address, method, path, headers, agent: false, ...(signal && { signal }) });
      asked.once('error', reject);
      asked.once('response', (answer) => {
        asked.on('error', () => undefined); // a connection that breaks later ends the answer's stream
        resolve(answer);
      });
      asked.end(json);
    });
  return {
    host,
    follow: async (...asked) => accepted(await follow(...asked)),
    call: async (method, path, body) => {
      const answer = await accepted(await follow(method, path, body, AbortSignal.timeout(PATIENCE)));
      const text = await textOf(answer);
      return text === '' ? undefined : JSON.parse(text);
    },
    load: (archive) =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/x-tar' };
        const asked = request({ ...address, method: 'POST', path: '/images/load', headers, agent: false });
        asked.once('response', (answer) => {
          accepted(answer).then(textOf).then(resolve, reject);
        });
        pipeline(archive, asked).catch(reject);
      }),
  };
}

/** The engine of this machine's environment, once it has answered; says in one sentence what to do where none does. */
export async function answeringEngine(
  env: Readonly<Record<string, string | undefined>>,
): Promise<DockerEngine> {
  const host = env['DOCKER_HOST'] || DEFAULT_HOST;
  const engine = engineAt(host);
  try {
    await engine.call('GET', '/version');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NoEngineError(
      `The runtime 'docker' needs a container engine, and none answers at ${host} (${why}): start one, say in DOCKER_HOST where it listens, or take the runtime 'process'.`,
      { cause },
    );
  }
  return engine;
}

function addressOf(host: string): RequestOptions {
  const [, path] = /^unix:\/\/(\/.+)$/.exec(host) ?? [];
  if (path !== undefined) return { socketPath: path };
  const [, name, port] = /^tcp:\/\/([^/:]+):(\d+)\/?$/.exec(host) ?? [];
  if (name !== undefined) return { host: name, port: Number(port) };
  throw new NoEngineError(
    `DOCKER_HOST is ${JSON.stringify(host)}: the runtime 'docker' speaks to unix:///PATH, or to tcp://HOST:PORT without TLS.`,
  );
}

async function accepted(answer: IncomingMessage): Promise<IncomingMessage> {
  const { statusCode = 0 } = answer;
  if (statusCode < 400) return answer;
  const text = await textOf(answer);
  throw new EngineError(statusCode, messageIn(text) ?? `the engine answers ${statusCode}`);
}

function messageIn(text: string): string | undefined {
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(text)), 'message');
    return typeof message === 'string' ? message.trim() : undefined;
  } catch {
    return text.trim() || undefined;
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer); // no encoding is set: bytes
  return Buffer.concat(chunks).toString();
}
