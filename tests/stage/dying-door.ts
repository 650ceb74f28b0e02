import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Vault } from '@tenant-delivery/vault/ports';

/** Where in a story a process dies: at the `nth` call that changes something, before or after it took effect. */
export interface Death {
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** All the calls of one story that change something, in order, over all of its runs. */
export interface Count {
  /** `secretsmanager.PutSecretValue`, `DELETE /repos/…`, `vault create rotation/…`. */
  readonly calls: string[];
  readonly death?: Death | undefined;
}

/** What one process of a story has of the world. Once it has died, it reaches nothing any more. */
export interface Process {
  readonly vault: Vault;
  /** The same addresses with this process's doors in front of them. */
  readonly through: (url: string) => Promise<string>;
  readonly dead: () => boolean;
  readonly end: () => void;
}

/** A run asks AWS by the operation, and GitHub by the method. Tokens live for an hour, so asking for one changes nothing. */
const READS = /^(Get|List|Describe|Lookup|BatchGet|Validate)/;
const TOKENS = /\/access_tokens$|\/installation\/token$/;
const upstream = new Agent({ keepAlive: true });

/**
 * The doors between one process and the world: real requests go through them as they are, so that signatures hold. At
 * the chosen call the process dies: the call is not sent on, or its answer does not come back, and nothing after it is.
 */
export function dyingProcess(count: Count, store: Vault): Process {
  const servers: Server[] = [];
  let dead = false;
  /** Counts a call that changes something; says whether the process dies at it. */
  const meets = (call: string): Death['when'] | undefined => {
    count.calls.push(call);
    return count.death?.nth === count.calls.length - 1 ? count.death.when : undefined;
  };
  const written = async <T>(call: string, write: () => Promise<T>): Promise<T> => {
    if (dead) throw new Error('the process is dead');
    const dies = meets(call);
    dead = dies !== undefined;
    if (dies !== 'before') {
      const answer = await write();
      if (!dies) return answer;
    }
    throw new Error('the process died');
  };
  const pass = async (to: URL, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await whole(incoming);
    const call = changeOf(incoming, body);
    if (dead) return void incoming.socket.destroy();
    const dies = call === undefined ? undefined : meets(call);
    if (dies) dead = true;
    if (dies === 'before') return void incoming.socket.destroy();
    const { status, headers, text } = await forwarded(to, incoming, body);
    if (dead) return void incoming.socket.destroy();
    response.sendDate = false; // the world's own time is in the answer
    response.writeHead(status, { ...headers, 'content-length': text.length });
    response.end(text);
  };
  const alive = async <T>(read: () => Promise<T>): Promise<T> => {
    if (dead) throw new Error('the process is dead');
    return read();
  };
  return {
    vault: {
      read: (key) => alive(() => store.read(key)),
      list: (prefix, after) => alive(() => store.list(prefix, after)),
      create: (key, bytes) => written(`vault create ${key}`, () => store.create(key, bytes)),
      replace: (key, bytes, version) =>
        written(`vault replace ${key}`, () => store.replace(key, bytes, version)),
    },
    through: async (url) => {
      const to = new URL(url);
      const server = createServer((incoming, response) => {
        pass(to, incoming, response).catch(() => incoming.socket.destroy());
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      return url.replace(to.host, `127.0.0.1:${port}`);
    },
    dead: () => dead,
    end: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** What a request changes, by the name of its call. */
function changeOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string | undefined {
  const target = String(headers['x-amz-target'] ?? '');
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const operation = target.split('.').at(-1) || (form && new URLSearchParams(body.toString()).get('Action'));
  if (operation) return READS.test(operation) ? undefined : operation;
  return method === 'GET' || TOKENS.test(url) ? undefined : `${method} ${url}`;
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forwarded(to: URL, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port } = to;
  request({ agent: upstream, hostname, port, path: url, method, headers }, resolve)
    .on('error', reject)
    .end(body);
  const answer = await promise;
  const { 'transfer-encoding': _, connection: __, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: kept, text: await whole(answer) };
}
