import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface ConnectProxy {
  /** For `HTTPS_PROXY`; has the user and the password where the proxy wants them. */
  readonly url: string;
  /** Each connection that it was asked for, as `HOST:PORT STATUS`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

interface Settings {
  /** Where names lead: `{ 'api.github.example:443': 8443 }`, ports of this machine. It knows no others. */
  readonly hosts: Readonly<Record<string, number>>;
  /** `user:password`, as a proxy with Basic authentication wants it. */
  readonly credentials?: string;
}

/** An HTTP proxy that does CONNECT and nothing else, as a process of its own. */
export async function startConnectProxy(settings: Settings): Promise<ConnectProxy> {
  const child = spawn(process.execPath, [import.meta.filename], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PROXY_SETTINGS: JSON.stringify(settings) },
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [port] = await once(lines, 'line');
  const asked: string[] = [];
  lines.on('line', (line) => asked.push(line));
  const user = settings.credentials === undefined ? '' : `${settings.credentials}@`;
  return {
    url: `http://${user}127.0.0.1:${port}`,
    asked,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function serve({ hosts, credentials }: Settings): void {
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, client, head) => {
    const to = request.url ?? '';
    const port = hosts[to];
    const status = wanted && request.headers['proxy-authorization'] !== wanted ? 407 : port ? 200 : 502;
    process.stdout.write(`${to} ${status}\n`);
    client.on('error', () => {});
    if (status !== 200 || port === undefined) {
      const basic = status === 407 ? 'proxy-authenticate: Basic realm="proxy"\r\n' : '';
      client.end(`HTTP/1.1 ${status} No\r\n${basic}content-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    console.log((server.address() as AddressInfo).port); // a TCP server that listens has one
  });
  // It ends with the process that started it.
  process.stdin.on('end', () => process.exit()).resume();
}

if (import.meta.main) serve(JSON.parse(process.env['PROXY_SETTINGS'] ?? '{"hosts":{}}') as Settings); // from above
