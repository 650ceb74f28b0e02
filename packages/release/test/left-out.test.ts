import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { leftOut } from '../src/left-out.ts';

/** A program that asks as @actions/github does, and prints what it was answered. */
const PROGRAM = `import { getOctokit } from '@actions/github';
const octokit = getOctokit('t', { baseUrl: 'http://github.invalid', log: { debug() {}, info() {}, warn() {}, error() {} } });
console.log(await octokit.request('GET /zen').then(({ data }) => data, ({ message }) => message));`;

describe("what stands in undici's place", () => {
  const folder = mkdtempSync(join(tmpdir(), 'left-out-'));
  const proxy = createServer((request, response) => response.end(`the proxy was asked for ${request.url}`));
  // Node asks a proxy to connect it, whether the address is https or not.
  proxy.on('connect', (request, socket) => {
    const answer = `connected to ${request.url}`;
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.once('data', () =>
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
      ),
    );
  });
  let address = '';

  beforeAll(async () => {
    await build({
      stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, '..') },
      outfile: join(folder, 'program.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      plugins: [leftOut],
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`; // it listens on TCP
  });
  afterAll(() => {
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const proxied = () => ({ http_proxy: address, https_proxy: address });
  const asked = async (env: Readonly<Record<string, string>>) => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.mjs')], { env });
    return stdout.trim();
  };

  it('asks GitHub through the proxy of the environment where Node is told to', async () => {
    expect(await asked({ ...proxied(), NODE_USE_ENV_PROXY: '1' })).toMatch(
      /^connected to github.invalid:80|^the proxy was asked/,
    );
  });

  it('says what to set where it is not told', async () => {
    expect(await asked(proxied())).toContain('set NODE_USE_ENV_PROXY: 1');
  });
});
