import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, GLOBEX, REGION, refusal, type Stage, stage, VAULT } from './acme.ts';
import { BUILD_JOB } from './an-issuer.ts';
import { signed } from './signed-request.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

describe('a caller', () => {
  it('is the owner of the access key, in its own account', async () => {
    const who = async (keys: Stage['acme']) =>
      new STSClient(on.as(keys)).send(new GetCallerIdentityCommand({}));
    expect(await who(on.acme)).toMatchObject({ Account: ACME, Arn: `arn:aws:iam::${ACME}:user/operator` });
    expect(await who(on.globex)).toMatchObject({ Account: GLOBEX });
    const session = await on.assume('build', BUILD_JOB);
    expect(await who(session)).toMatchObject({
      Account: ACME,
      Arn: `arn:aws:sts::${ACME}:assumed-role/td-prod-build/td-acme-prod-1-1`,
    });
  });

  it.each<[string, (keys: Stage['acme']) => Stage['acme'], string]>([
    ['a wrong secret', (keys) => ({ ...keys, secretAccessKey: 'wrong' }), 'InvalidSignatureException'],
    [
      'a key that nobody has',
      (keys) => ({ ...keys, accessKeyId: 'AKIANOBODY' }),
      'UnrecognizedClientException',
    ],
    [
      'a session token of another key',
      (keys) => ({ ...keys, sessionToken: 'x' }),
      'UnrecognizedClientException',
    ],
  ])('with %s is refused in the words of the service', async (_, spoil, code) => {
    const kms = new KMSClient(on.as(spoil(on.acme)));
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: 'alias/td/prod/build' })))).toMatchObject({
      name: code,
    });
  });

  it('is told of a bad signature as each protocol does', async () => {
    const bad = on.as({ ...on.acme, secretAccessKey: 'wrong' });
    const iam = new IAMClient(bad).send(new GetRoleCommand({ RoleName: 'td-prod-build' }));
    expect(await refusal(iam)).toMatchObject({ name: 'SignatureDoesNotMatch', status: 403 });
    const s3 = new S3Client(bad).send(new GetObjectCommand({ Bucket: VAULT, Key: 'x' }));
    expect(await refusal(s3)).toMatchObject({ name: 'SignatureDoesNotMatch', status: 403 });
  });

  it('cannot have its request changed on the way', async () => {
    const request = { target: 'TrentService.DescribeKey', body: '{"KeyId":"alias/td/prod/build"}' };
    const good = await signed(on.aws.url, REGION, on.acme, request);
    expect((await good(request.body)).status).toBe(200);
    const altered = await good(request.body.replace('build', 'deploy'));
    expect(altered.status).toBe(400);
    expect(await altered.json()).toMatchObject({ __type: 'InvalidSignatureException' });
  });

  it('cannot replay a request of yesterday', async () => {
    const request = { target: 'TrentService.DescribeKey', body: '{"KeyId":"alias/td/prod/build"}' };
    const old = await signed(on.aws.url, REGION, on.acme, {
      ...request,
      at: new Date(Date.now() - 86_400_000),
    });
    const answer = await old(request.body);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('Signature expired') });
  });

  it('whose request is not signed is refused, and a presigned one is told that it is not supported', async () => {
    const plain = await fetch(`${on.aws.url}/${VAULT}/x`);
    expect([plain.status, await plain.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ]);
    const presigned = await fetch(`${on.aws.url}/${VAULT}/x?X-Amz-Signature=00`);
    expect([presigned.status, await presigned.text()]).toEqual([
      501,
      expect.stringContaining('presigned URLs'),
    ]);
  });

  it('with a session that has ended is refused, on the clock of the world', async () => {
    const fast = await stage({ scale: 3_000_000 });
    const session = await fast.assume('build', { ...BUILD_JOB, exp: 9_999_999_999 });
    await fast.aws.clock.sleep(3_601_000);
    const sts = new STSClient(fast.as(session));
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'ExpiredToken' });
    await fast.close();
  });
});
