import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { imagePlatform } from '../src/ecr/image-platform.ts';
import { clientConfig } from '../src/session/client-config.ts';

const CONFIGURATION = JSON.stringify({ os: 'linux', architecture: 'arm64', variant: 'v8' });
const MANIFEST = JSON.stringify({ config: { digest: digestOf(CONFIGURATION) }, layers: [] });
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x', sessionToken: '' };

/** What ECR and Amazon S3 say, to be changed by a test. */
const plain = { manifest: MANIFEST, url: '', bytes: CONFIGURATION, status: 200 };
let said = plain;
const withKeys: boolean[] = [];
const server = createServer((request, response) => {
  request.resume();
  if (request.method === 'GET') {
    withKeys.push(request.headers.authorization !== undefined);
    response.writeHead(said.status).end(said.bytes);
    return;
  }
  const asked = String(request.headers['x-amz-target']);
  const answer = asked.endsWith('BatchGetImage')
    ? { images: [{ imageManifest: said.manifest }] }
    : { downloadUrl: said.url };
  response.end(JSON.stringify(answer));
});

let address = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  process.env['AWS_ENDPOINT_URL'] = address;
});
afterAll(() => {
  delete process.env['AWS_ENDPOINT_URL'];
  server.close();
  server.closeAllConnections();
});
afterEach(() => {
  said = plain;
});

function platform(over: Partial<typeof plain>): Promise<string> {
  said = { ...plain, url: `${address}/layer?signed=for-a-while`, ...over };
  const base = { region: 'eu-west-1', local: true, scale: 1e9, userAgent: 'test' };
  const expiration = new Date(8.64e15);
  const config = clientConfig(base, async () => ({ ...KEY, expiration }), 1);
  return imagePlatform(config)('acme/orders', digestOf(MANIFEST));
}

test('the platform of an image is read from its configuration, which is asked for without credentials', async () => {
  expect(await platform({})).toBe('linux/arm64');
  expect(withKeys).toEqual([false]);
});

test.each([
  ['a manifest of another image', { manifest: '{}' }, 'AWS_EMPTY_REPLY'],
  [
    'bytes that the manifest does not name',
    { bytes: '{"os":"linux","architecture":"amd64"}' },
    'AWS_EMPTY_REPLY',
  ],
  ['an address that is not https', { url: 'http://s3.example.org/layer' }, 'AWS_UNKNOWN_OUTCOME'],
  ['no bytes', { status: 403 }, 'AWS_UNKNOWN_OUTCOME'],
  ['more bytes than a configuration has', { bytes: ' '.repeat(5_000_000) }, 'AWS_UNKNOWN_OUTCOME'],
])('%s is believed to be none, and no address of bytes is told', async (_, over, code) => {
  const thrown: unknown = await platform(over).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code, message: expect.not.stringContaining('for-a-while') });
});
