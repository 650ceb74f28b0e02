import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test } from '@jest/globals';
import { bucketAddress, s3Objects } from '../src/s3/objects.ts';
import { clientConfig } from '../src/session/client-config.ts';

const OWNER = '111122223333';
const KEYS = { accessKeyId: 'AKIA', secretAccessKey: 'not-a-secret' };

let stop = () => {};
afterEach(() => stop());

/** Answers every request with nothing that can be used, and remembers it. */
async function listening(headers: Readonly<Record<string, string>> = {}, body = '') {
  const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk) => {
      sent += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '' } = request;
      seen.push({ method, url, headers: request.headers, body: sent });
      response.writeHead(200, { etag: '"e"', ...headers }).end(body);
    });
  });
  stop = () => server.close();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const base = { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' };
  const objects = s3Objects(
    clientConfig(base, async () => KEYS),
    'vault',
    OWNER,
    { AWS_ENDPOINT_URL: url },
  );
  const sdk = new S3Client({ region: 'eu-west-1', endpoint: url, forcePathStyle: true, credentials: KEYS });
  return { seen, objects, sdk };
}

const EMPTY = '<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';

test('asks what the SDK asks: the same addresses, conditions, owner, and checksums', async () => {
  const { seen, objects, sdk } = await listening({}, EMPTY);
  const key = "changes/a b+c(1)'~!*/é=&?.json";
  const place = { Bucket: 'vault', ExpectedBucketOwner: OWNER };
  await objects.get(key);
  await (await sdk.send(new GetObjectCommand({ ...place, Key: key }))).Body?.transformToString();
  await objects.put(key, Buffer.from('bytes'), { ifMatch: '"e"' });
  await sdk.send(new PutObjectCommand({ ...place, Key: key, Body: 'bytes', IfMatch: '"e"' }));
  await objects.put(key, Buffer.from('bytes'), { ifNoneMatch: '*' });
  await sdk.send(new PutObjectCommand({ ...place, Key: key, Body: 'bytes', IfNoneMatch: '*' }));
  await objects.list('changes/a b', { after: key });
  await sdk.send(new ListObjectsV2Command({ ...place, Prefix: 'changes/a b', StartAfter: key }));
  await objects.list('changes/', { token: '1/+=' });
  await sdk.send(new ListObjectsV2Command({ ...place, Prefix: 'changes/', ContinuationToken: '1/+=' }));

  const asked = seen.map(({ method, url, headers, body }) => {
    const { searchParams, pathname } = new URL(url, 'http://local');
    searchParams.delete('x-id'); // by which the SDK names its operations in access logs
    const told = ['x-amz-expected-bucket-owner', 'if-match', 'if-none-match', 'x-amz-checksum-crc32'];
    return {
      method,
      pathname,
      query: [...searchParams].sort(),
      headers: told.map((name) => headers[name]),
      hash: headers['x-amz-content-sha256'],
      body,
    };
  });
  const ours = asked.filter((_, index) => index % 2 === 0);
  const theirs = asked.filter((_, index) => index % 2 === 1);
  expect(ours).toEqual(theirs);
});

test.each([
  ['eu-west-1', 'vault', {}],
  ['eu-west-1', 'journal.acme.example', {}],
  ['cn-north-1', 'vault', {}],
  ['us-gov-west-1', 'vault', {}],
  ['us-east-1', 'vault', {}],
  ['us-east-1', 'vault', { AWS_USE_FIPS_ENDPOINT: 'true' }],
] as const)('finds the bucket where the SDK finds it: in %s, %s, %o', async (region, bucket, env) => {
  const { config } = new S3Client({ region });
  const UseFIPS = 'AWS_USE_FIPS_ENDPOINT' in env;
  const { url } = config.endpointProvider({ Region: region, Bucket: bucket, UseFIPS });
  const found = bucketAddress(bucket, region, false, env);
  expect(`${found.url}${found.base}`).toBe(url.href.replace(/\/$/, ''));
});

test('gives back no bytes that are not those which S3 has the checksum of', async () => {
  const { objects } = await listening({ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'altered');
  await expect(objects.get('a')).rejects.toThrow('other bytes');
});
