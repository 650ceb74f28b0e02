import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '@tenant-delivery/testkit/connect-proxy';
import { startTlsFront, type TlsFront } from '@tenant-delivery/testkit/tls-front';
import { bundle } from '../src/build.ts';

const HOST = 'api.github.example'; // a name that leads nowhere without the proxy

describe('what is built asks GitHub', () => {
  const folder = mkdtempSync(join(tmpdir(), 'github-proxy-'));
  const github = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"status":"completed","run_attempt":7}');
  });
  const proxies: ConnectProxy[] = [];
  let front: TlsFront;

  beforeAll(async () => {
    await bundle({ program: join(import.meta.dirname, 'asks-github.ts') }, folder);
    await once(github.listen(0, '127.0.0.1'), 'listening');
    front = await startTlsFront([HOST], (github.address() as AddressInfo).port); // it listens on TCP
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    github.close();
    front.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const proxy = async (credentials?: string) => {
    const started = await startConnectProxy({
      hosts: { [`${HOST}:443`]: front.port },
      ...(credentials && { credentials }),
    });
    proxies.push(started);
    return started;
  };
  const told = async (env: Readonly<Record<string, string>>) => {
    const given = { GITHUB_API_URL: `https://${HOST}`, NODE_EXTRA_CA_CERTS: front.authority, ...env };
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.mjs')], {
      env: given,
    });
    return stdout.trim();
  };
  const answer = '{"kind":"over","attempt":7}';

  it('through the proxy of the environment', async () => {
    const { url, asked } = await proxy();
    expect(await told({ HTTPS_PROXY: url })).toBe(answer);
    expect(asked).toEqual([`${HOST}:443 200`]);
  });

  it('through one that wants a password, which no message repeats', async () => {
    const { url, asked } = await proxy('runner:p4ss');
    expect(await told({ https_proxy: url })).toBe(answer);
    const refused = await told({ https_proxy: url.replace('p4ss', 'wr0ng') });
    expect(refused).toContain('GITHUB_UNAVAILABLE');
    expect(refused).not.toContain('wr0ng');
    expect(asked.slice(0, 2)).toEqual([`${HOST}:443 200`, `${HOST}:443 407`]);
  });

  it('past the proxy where NO_PROXY names the host or a domain above it', async () => {
    const { url, asked } = await proxy();
    for (const NO_PROXY of [HOST, 'other.example,.github.example'])
      expect(await told({ HTTPS_PROXY: url, NO_PROXY })).toContain('GITHUB_UNAVAILABLE'); // it has no address
    expect(asked).toEqual([]);
    expect(await told({ HTTPS_PROXY: url, NO_PROXY: 'other.example' })).toBe(answer);
  });

  it('only where it knows the authority that made the certificate', async () => {
    const { url } = await proxy();
    expect(await told({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: '' })).toContain('GITHUB_UNAVAILABLE');
  });
});
