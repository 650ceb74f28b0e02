import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { inspectorCoverage } from '../src/inspector/coverage.ts';
import { clientConfig } from '../src/session/client-config.ts';

const before = process.env['AWS_ENDPOINT_URL'];
const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = before;
});

const ACCOUNT = '000011112222';
const DIGEST = `sha256:${'a'.repeat(64)}` as const;
const IMAGE = `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/acme/orders/${DIGEST}`;

interface Page {
  readonly rows: readonly object[];
  readonly nextToken?: string;
}

/** What an Amazon Inspector says of the image that gives these pages by their token; the first has none. */
async function covered(pages: Readonly<Record<string, Page>>) {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { rows = [], nextToken } = pages[JSON.parse(text).nextToken ?? 'first'] ?? {};
      response.end(JSON.stringify({ coveredResources: rows, ...(nextToken && { nextToken }) }));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const key = { accessKeyId: 'AKIA', secretAccessKey: 'not-a-secret', sessionToken: 'a-token' };
  const config = clientConfig(
    { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' },
    async () => ({ ...key, expiration: new Date('2099-01-01') }),
  );
  return inspectorCoverage({ target: { account: ACCOUNT }, clientConfig: () => config }, 'gate')(
    'acme/orders',
    DIGEST,
  );
}

const row = (statusCode: string, reason: string, lastScannedAt?: number) => ({
  resourceId: IMAGE,
  scanStatus: { statusCode, reason },
  ...(lastScannedAt !== undefined && { lastScannedAt }),
});

it('is what the row says that says least for the image, in whatever order and on whatever page it comes', async () => {
  const least = [
    row('INACTIVE', 'UNSUPPORTED_OS', 30),
    row('INACTIVE', 'SUCCESSFUL', 30),
    row('INACTIVE', 'SCAN_FREQUENCY_SCAN_ON_PUSH', 30),
    row('ACTIVE', 'SUCCESSFUL'),
    row('ACTIVE', 'SUCCESSFUL', 10),
    row('ACTIVE', 'SUCCESSFUL', 20),
  ];
  for (const [n, first] of least.entries()) {
    const others = least.slice(n + 1);
    const { lastScannedAt } = { lastScannedAt: undefined, ...first };
    const said = {
      kind: 'known',
      status: first.scanStatus.statusCode,
      reason: first.scanStatus.reason,
      ...(lastScannedAt !== undefined && { lastScannedAt: lastScannedAt * 1000 }),
    };
    expect(await covered({ first: { rows: [first, ...others] } })).toEqual(said);
    expect(await covered({ first: { rows: others, nextToken: 'b' }, b: { rows: [first] } })).toEqual(said);
  }
});

it('is none where no row is about this image, and ends where pages name each other for ever', async () => {
  const other = { ...row('ACTIVE', 'SUCCESSFUL', 1), resourceId: `${IMAGE}0` };
  expect(await covered({ first: { rows: [other] } })).toEqual({ kind: 'none' });
  const turning = { a: { rows: [], nextToken: 'b' }, b: { rows: [], nextToken: 'a' } };
  expect(await covered({ first: { rows: [], nextToken: 'a' }, ...turning })).toEqual({ kind: 'none' });
});
