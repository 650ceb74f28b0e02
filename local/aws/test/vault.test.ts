import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putBucket } from '../src/services/s3.ts';
import { ACME, GLOBEX, REGION, refusal, type Stage, stage, VAULT } from './acme.ts';
import { BUILD_JOB } from './an-issuer.ts';

let on: Stage;
let evidence: S3Client;
let operator: S3Client;
beforeAll(async () => {
  on = await stage();
  evidence = new S3Client(on.as(await on.assume('evidence', BUILD_JOB)));
  operator = new S3Client(on.as(on.acme));
});
afterAll(() => on.close());

const put = (
  key: string,
  body: string,
  condition: { IfNoneMatch?: string; IfMatch?: string } = { IfNoneMatch: '*' },
) => evidence.send(new PutObjectCommand({ Bucket: VAULT, Key: key, Body: body, ...condition }));
const read = async (key: string, VersionId?: string) => {
  const reader = VersionId ? operator : evidence; // no role of ours reads older versions
  const { Body } = await reader.send(
    new GetObjectCommand({ Bucket: VAULT, Key: key, ...(VersionId ? { VersionId } : {}) }),
  );
  return Body?.transformToString();
};

const sumOf = (name: string, text: string) => createHash(name).update(text).digest('base64');

function crc32Of(text: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return sum.toString('base64');
}

describe('the vault bucket', () => {
  it('keeps what is written, by keys with any characters', async () => {
    const key = 'objects/ä b+c(d)&e?f=1';
    const { ETag } = await put(key, 'hello');
    expect(await read(key)).toBe('hello');
    const head = await evidence.send(new HeadObjectCommand({ Bucket: VAULT, Key: key }));
    expect(head).toMatchObject({ ETag, ContentLength: 5 });
  });

  it('writes a key once when asked to, and tells the second writer', async () => {
    await put('changes/once', 'first');
    expect(await refusal(put('changes/once', 'second'))).toMatchObject({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect(await read('changes/once')).toBe('first');
  });

  it('replaces a key only while it holds what the writer saw', async () => {
    const { ETag = '' } = await put('locks/orders.json', 'mine');
    await put('locks/orders.json', 'still mine', { IfMatch: ETag });
    expect(await refusal(put('locks/orders.json', 'yours', { IfMatch: ETag }))).toMatchObject({
      status: 412,
    });
    expect(await refusal(put('locks/none.json', 'x', { IfMatch: ETag }))).toMatchObject({
      name: 'NoSuchKey',
      status: 404,
    });
  });

  it('keeps every version and reads each', async () => {
    const first = await put('locks/versions', 'one');
    await put('locks/versions', 'two', { IfMatch: first.ETag ?? '' });
    expect(await read('locks/versions', first.VersionId)).toBe('one');
    const { Versions } = await operator.send(
      new ListObjectVersionsCommand({ Bucket: VAULT, Prefix: 'locks/versions' }),
    );
    expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([true, false]);
  });

  it('takes a change or document only as new, from any role', async () => {
    for (const key of ['objects/x', 'changes/x', 'images/x', 'seen/x', 'heads/x'])
      expect(await refusal(put(key, 'x', {}))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('lets the provider alone write contracts and stop signs, and the evidence role alone write the rest', async () => {
    for (const key of ['contract/prod.dsse.json', 'holds/prod/_all.json', 'quarantine/x.json'])
      expect(await refusal(put(key, 'x'))).toMatchObject({ name: 'AccessDenied' });
    await operator.send(new PutObjectCommand({ Bucket: VAULT, Key: 'contract/prod.dsse.json', Body: '{}' }));
    const build = new S3Client(on.as(await on.assume('build', BUILD_JOB)));
    const byBuild = build.send(
      new PutObjectCommand({ Bucket: VAULT, Key: 'objects/y', Body: 'y', IfNoneMatch: '*' }),
    );
    expect(await refusal(byBuild)).toMatchObject({ name: 'AccessDenied' });
  });

  it('deletes nothing, by policy', async () => {
    await put('objects/kept', 'kept');
    for (const client of [evidence, operator])
      expect(
        await refusal(client.send(new DeleteObjectCommand({ Bucket: VAULT, Key: 'objects/kept' }))),
      ).toMatchObject({
        name: 'AccessDenied',
      });
  });

  it('shortens no retention', async () => {
    await put('objects/locked', 'x');
    const at = { Bucket: VAULT, Key: 'objects/locked' };
    const { Retention } = await operator.send(new GetObjectRetentionCommand(at));
    const until = Retention?.RetainUntilDate?.getTime() ?? 0;
    expect(Math.round((until - Date.now()) / 86_400_000)).toBe(2555);
    const retain = (RetainUntilDate: Date) =>
      operator.send(
        new PutObjectRetentionCommand({ ...at, Retention: { Mode: 'COMPLIANCE', RetainUntilDate } }),
      );
    expect(await refusal(retain(new Date(until - 1000)))).toMatchObject({ name: 'AccessDenied' });
    await retain(new Date(until + 86_400_000));
    const asked = (VersionId: string) =>
      refusal(operator.send(new GetObjectRetentionCommand({ ...at, VersionId })));
    expect(await asked('first')).toMatchObject({ name: 'InvalidArgument' });
    expect(await asked('x'.repeat(32))).toMatchObject({ name: 'NoSuchVersion' });
  });

  it('lists keys in the order of their bytes, in pages', async () => {
    for (const key of ['b', 'a/2', 'a', 'Z', 'a/1']) await put(`objects/list/${key}`, key);
    const keys: (string | undefined)[] = [];
    const pages = paginateListObjectsV2(
      { client: evidence, pageSize: 2 },
      { Bucket: VAULT, Prefix: 'objects/list/' },
    );
    for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => Key));
    expect(keys).toEqual(['Z', 'a', 'a/1', 'a/2', 'b'].map((key) => `objects/list/${key}`));
    const { CommonPrefixes } = await evidence.send(
      new ListObjectsV2Command({ Bucket: VAULT, Prefix: 'objects/list/', Delimiter: '/' }),
    );
    expect(CommonPrefixes).toEqual([{ Prefix: 'objects/list/a/' }]);
  });

  it('belongs to one account: others are denied, and an owner who is not the expected one is no owner', async () => {
    const stranger = new S3Client(on.as(on.globex));
    expect(
      await refusal(stranger.send(new GetObjectCommand({ Bucket: VAULT, Key: 'objects/kept' }))),
    ).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    const expecting = (owner: string) =>
      evidence.send(
        new HeadObjectCommand({ Bucket: VAULT, Key: 'objects/kept', ExpectedBucketOwner: owner }),
      );
    expect(await expecting(ACME)).toMatchObject({ ContentLength: 4 });
    expect(await refusal(expecting(GLOBEX))).toMatchObject({ status: 403 });
  });

  it('tells an absent bucket, an absent key and a wrong region apart', async () => {
    const get = (Bucket: string, client = operator) =>
      refusal(client.send(new GetObjectCommand({ Bucket, Key: 'nothing' })));
    expect(await get(VAULT)).toMatchObject({ name: 'NoSuchKey', status: 404 });
    expect(await get('no-such-bucket')).toMatchObject({ name: 'NoSuchBucket', status: 404 });
    const elsewhere = new S3Client({ ...on.as(on.acme), region: 'eu-central-1' });
    expect(await get(VAULT, elsewhere)).toMatchObject({ name: 'AuthorizationHeaderMalformed' });
  });

  it.each<[string, object, string]>([
    ['that is not the one whose checksum was sent', { ChecksumSHA256: sumOf('sha256', 'y') }, 'BadDigest'],
    ['with another CRC32C', { ChecksumCRC32C: 'AAAAAA==' }, 'BadDigest'],
    ['with another CRC64NVME', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }, 'BadDigest'],
    ['with another MD5', { ContentMD5: sumOf('md5', 'y') }, 'BadDigest'],
    ['with an MD5 that is none', { ContentMD5: 'AAAA' }, 'InvalidDigest'],
    ['with a checksum that is too short', { ChecksumSHA256: 'AAAA' }, 'InvalidRequest'],
    [
      'to be kept until yesterday',
      { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(0) },
      'InvalidArgument',
    ],
    ['with a lock that has no end', { ObjectLockMode: 'COMPLIANCE' }, 'InvalidArgument'],
    ['with a storage class, which is not here', { StorageClass: 'GLACIER' }, 'NotImplemented'],
  ])('refuses a body %s', async (_, more, name) => {
    putBucket(on.aws.world, {
      name: 'acme-locked',
      account: ACME,
      region: REGION,
      versioned: true,
      lock: { mode: 'GOVERNANCE', days: 1 },
    });
    const put = new PutObjectCommand({ Bucket: 'acme-locked', Key: 'sum', Body: 'x', ...more });
    expect(await refusal(operator.send(put))).toMatchObject({ name });
  });

  it('keeps the checksum that came, and answers it again', async () => {
    const put = (Key: string, more: object) =>
      evidence.send(new PutObjectCommand({ Bucket: VAULT, Key, Body: 'x', IfNoneMatch: '*', ...more }));
    const ChecksumSHA256 = sumOf('sha256', 'x');
    expect(await put('objects/sha256', { ChecksumSHA256 })).toMatchObject({ ChecksumSHA256 });
    const command = new GetObjectCommand({ Bucket: VAULT, Key: 'objects/sha256', ChecksumMode: 'ENABLED' });
    expect(await evidence.send(command)).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
  });

  it('takes a streamed body out of its frames', async () => {
    async function* parts() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    const { Readable } = await import('node:stream');
    const Body = Readable.from(parts());
    await evidence.send(
      new PutObjectCommand({
        Bucket: VAULT,
        Key: 'objects/streamed',
        Body,
        ContentLength: 7,
        IfNoneMatch: '*',
      }),
    );
    expect(await read('objects/streamed')).toBe('one two');
    const { input } = on.aws.calls.findLast(({ operation }) => operation === 'PutObject') ?? {};
    expect(input).toMatchObject({ ChecksumCRC32: crc32Of('one two') }); // it came behind the content
  });
});
