import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { s3Objects } from '../src/s3/objects.ts';
import { clientConfig } from '../src/session/client-config.ts';

const CRC32 = Buffer.from(crc32('bytes').toString(16).padStart(8, '0'), 'hex').toString('base64');
const OWNER = '111122223333';
const KEY = "changes/a b+c(1)'~!*/é=&?.json";
const AT_ONCE = {
  AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
  AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
};

let stop = () => {};
afterEach(() => {
  for (const name of ['AWS_ENDPOINT_URL', ...Object.keys(AT_ONCE)]) delete process.env[name];
  stop();
});

interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After so many characters the connection ends. */
  readonly cutAfter?: number;
}

/** The objects of a bucket that answers with each of these in turn, and remembers what it was asked. */
async function bucketOf(...answers: readonly Answer[]) {
  const seen: (Pick<IncomingMessage, 'method' | 'headers'> & { readonly url: URL; readonly sent: string })[] =
    [];
  const server = createServer(async (request, response) => {
    const { method, headers } = request;
    const sent = await text(request);
    const {
      headers: told = {},
      body = '',
      cutAfter,
    } = answers[Math.min(seen.length, answers.length - 1)] ?? {};
    seen.push({ method, headers, url: new URL(request.url ?? '', 'http://local'), sent });
    response.writeHead(200, { etag: '"e"', 'content-length': Buffer.byteLength(body), ...told });
    if (cutAfter === undefined) response.end(body);
    else response.write(body.slice(0, cutAfter), () => response.socket?.destroy());
  });
  stop = () => server.close();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const base = { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' };
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 'not-a-secret' };
  return { seen, objects: s3Objects(clientConfig(base, keys), 'vault', OWNER) };
}

test.each([{ IfMatch: '"e"' }, { IfNoneMatch: '*' }] as const)(
  'a write has its condition, the owner of the bucket and a checksum, whatever the machine says of checksums: %o',
  async (condition) => {
    Object.assign(process.env, AT_ONCE);
    const { seen, objects } = await bucketOf({});
    await objects.put(KEY, Buffer.from('bytes'), condition);
    const [asked] = seen;
    expect(asked).toMatchObject({
      method: 'PUT',
      sent: 'bytes',
      headers: {
        'x-amz-expected-bucket-owner': OWNER,
        'x-amz-checksum-crc32': CRC32,
        ...('IfMatch' in condition ? { 'if-match': '"e"' } : { 'if-none-match': '*' }),
      },
    });
    expect(decodeURIComponent(asked?.url.pathname ?? '')).toBe(`/vault/${KEY}`);
  },
);

test('a read names the owner too, and begins again where the answer breaks off', async () => {
  const { seen, objects } = await bucketOf({ body: 'whole', cutAfter: 2 }, { body: 'whole' });
  expect(await objects.get(KEY)).toEqual({ bytes: new Uint8Array(Buffer.from('whole')), etag: '"e"' });
  expect(seen.map(({ headers }) => headers['x-amz-expected-bucket-owner'])).toEqual([OWNER, OWNER]);
});

test('gives back no bytes that are not those which S3 has the checksum of', async () => {
  Object.assign(process.env, AT_ONCE);
  const { objects } = await bucketOf({ headers: { 'x-amz-checksum-crc32': 'AAAAAA==' }, body: 'altered' });
  await expect(objects.get('a')).rejects.toThrow(/checksum/i);
});

const page = (more: string, ...keys: readonly string[]) => ({
  headers: { 'content-type': 'application/xml' },
  body: `<ListBucketResult>${more}${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
});

test('a list begins after a key and goes on by the token of each page', async () => {
  const { seen, objects } = await bucketOf(
    page(
      '<KeyCount>1</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>1/+=</NextContinuationToken>',
      'b',
    ),
    page('<KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>', 'c'),
  );
  expect(await objects.list('changes/a b', 'changes/a b/a')).toEqual(['b', 'c']);
  const queries = seen.map(({ url }) => Object.fromEntries(url.searchParams));
  expect(queries).toMatchObject([
    { 'list-type': '2', prefix: 'changes/a b', 'start-after': 'changes/a b/a' },
    { 'continuation-token': '1/+=' },
  ]);
});

test.each([
  ['says no number of keys', page('<IsTruncated>false</IsTruncated>', 'a')],
  ['has fewer keys than it says', page('<KeyCount>2</KeyCount>', 'a')],
  ['goes on and does not say where', page('<KeyCount>1</KeyCount><IsTruncated>true</IsTruncated>', 'a')],
])('a list that %s is none', async (_, answer) => {
  const { objects } = await bucketOf(answer);
  await expect(objects.list('a', undefined)).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
});
