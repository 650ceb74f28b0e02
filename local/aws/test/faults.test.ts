import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../src/index.ts';
import { refusal, type Stage, stage, VAULT } from './acme.ts';
import { BUILD_JOB } from './an-issuer.ts';

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

const describeKey = (maxAttempts: number) =>
  new KMSClient({ ...on.as(on.acme), maxAttempts }).send(
    new DescribeKeyCommand({ KeyId: 'alias/td/prod/build' }),
  );
const fail = (kind: FaultKind, nth = 1) =>
  on.aws.fail({ service: 'kms', operation: 'DescribeKey', nth, kind });

describe('a fault', () => {
  it.each<[FaultKind, string]>([
    ['throttle', 'ThrottlingException'],
    ['denied', 'AccessDeniedException'],
    ['expired', 'ExpiredTokenException'],
    ['server-error', 'InternalFailure'],
  ])('%s reaches a client as %s, without an effect', async (kind, name) => {
    fail(kind);
    expect(await refusal(describeKey(1))).toMatchObject({ name });
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeKey', attempts: 1, effects: 0 });
    expect(await describeKey(1)).toMatchObject({ KeyMetadata: { Enabled: true } });
  });

  it('reset-after-effect breaks the connection when the effect has happened', async () => {
    fail('reset-after-effect');
    expect(await refusal(describeKey(1))).toMatchObject({
      status: 0,
      message: expect.stringMatching(/ECONNRESET|hang up/),
    });
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeKey', attempts: 1, effects: 1 });
  });

  it('empty-reply is a success that says nothing', async () => {
    fail('empty-reply');
    const { KeyMetadata } = await describeKey(1);
    expect(KeyMetadata).toBeUndefined();
  });

  it('truncated leaves half of the answer, and a client that cannot read it', async () => {
    fail('truncated');
    const { message } = await refusal(describeKey(1));
    expect(message).toMatch(/JSON|deserializ/i);
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeKey', effects: 1 });
  });

  it('slow keeps a client waiting as long as was said, when the effect has happened', async () => {
    const before = on.aws.clock.now();
    on.aws.fail({ service: 'kms', operation: 'DescribeKey', nth: 1, kind: 'slow', milliseconds: 40 });
    expect(await describeKey(1)).toMatchObject({ KeyMetadata: { Enabled: true } });
    expect(on.aws.clock.now() - before).toBeGreaterThanOrEqual(40);
  });

  it('begins at the call that was named and lasts as long as was said', async () => {
    on.aws.fail({ service: 'kms', operation: 'DescribeKey', nth: 2, times: 2, kind: 'denied' });
    const seen: string[] = [];
    for (let i = 0; i < 4; i += 1)
      seen.push(
        await describeKey(1).then(
          () => 'good',
          (error: Error) => error.name,
        ),
      );
    expect(seen).toEqual(['good', 'AccessDeniedException', 'AccessDeniedException', 'good']);
  });

  it('after the effect shows how often the effect happened when a client tries again', async () => {
    fail('reset-after-effect');
    await describeKey(2);
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeKey', attempts: 2, effects: 2 });
  });

  it("lets a conditional write be refused by its own first attempt, as S3's does", async () => {
    on.aws.fail({ service: 's3', operation: 'PutObject', nth: 1, kind: 'reset-after-effect' });
    const s3 = new S3Client(on.as(await on.assume('evidence', BUILD_JOB)));
    const write = s3.send(
      new PutObjectCommand({ Bucket: VAULT, Key: 'objects/x', Body: 'x', IfNoneMatch: '*' }),
    );
    expect(await refusal(write)).toMatchObject({ name: 'PreconditionFailed' });
    expect(on.aws.calls.at(-1)).toMatchObject({
      operation: 'PutObject',
      attempts: 2,
      effects: 1,
      error: 'PreconditionFailed',
    });
  });

  it('in one local AWS leaves its neighbour alone', async () => {
    const neighbour = await stage();
    on.aws.fail({ service: 'sts', operation: 'GetCallerIdentity', nth: 1, kind: 'denied' });
    const sts = new STSClient(neighbour.as(neighbour.acme));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000011112222' });
    expect(on.aws.calls).toHaveLength(0);
    await neighbour.close();
  });
});
