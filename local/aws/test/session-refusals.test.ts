import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Statement } from '../src/policy/document.ts';
import { putRole } from '../src/services/iam.ts';
import { putEncryptionKey } from '../src/services/kms.ts';
import { ACME, REGION, refusal, type Stage, stage } from './acme.ts';
import { BUILD_JOB } from './an-issuer.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
  const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' } as const;
  role('first', { ...allow, Principal: { AWS: ACME } });
  role('second', { ...allow, Principal: { AWS: `arn:aws:iam::${ACME}:role/first` } });
});
afterAll(() => on.close());

function role(name: string, ...Statement: readonly Statement[]): void {
  putRole(on.aws.world, ACME, {
    name,
    path: '/',
    partition: 'aws',
    description: '',
    trust: { Version: '2012-10-17', Statement },
    policies: {},
    tags: {},
    maxSessionDuration: 7_200,
  });
}

const arn = (name: string) => `arn:aws:iam::${ACME}:role/${name}`;
const assume = (credentials: Parameters<Stage['as']>[0], name: string, more: object = {}) =>
  new STSClient(on.as(credentials)).send(
    new AssumeRoleCommand({ RoleArn: arn(name), RoleSessionName: 'session', ...more }),
  );

describe('a session of a role', () => {
  it.each<[string, object, RegExp]>([
    ['longer than the role allows', { DurationSeconds: 7_201 }, /exceeds the MaxSessionDuration/],
    ['with managed policies', { PolicyArns: [{ arn: arn('x') }] }, /PolicyArns/],
    ['with tags', { Tags: [{ Key: 'team', Value: 'a' }] }, /local-aws does not .*Tags/],
    [
      'by a code',
      { SerialNumber: 'arn:aws:iam::000011112222:mfa/ann', TokenCode: '123456' },
      /SerialNumber, TokenCode/,
    ],
  ])('is not given %s', async (_, more, message) => {
    expect((await refusal(assume(on.acme, 'first', more))).message).toMatch(message);
  });

  it('lasts an hour at most when a session has asked for it', async () => {
    const { Credentials } = await assume(on.acme, 'first', { DurationSeconds: 7_200 });
    const keys = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    await assume(keys, 'second');
    expect((await refusal(assume(keys, 'second', { DurationSeconds: 3_601 }))).message).toMatch(
      /1 hour session limit for roles assumed by role chaining/,
    );
  });
});

describe('a token of an identity provider', () => {
  const trade = (claims: Readonly<Record<string, unknown>>, more: object = {}) =>
    new STSClient(on.as({ accessKeyId: '', secretAccessKey: '' })).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACME}:role/td/prod/td-prod-build`,
        RoleSessionName: 'td-acme-prod-1-1',
        WebIdentityToken: on.issuer.token(claims),
        ...more,
      }),
    );

  it.each(['sub', 'iat'])('without %s is refused', async (claim) => {
    expect(await refusal(trade({ ...BUILD_JOB, [claim]: undefined }))).toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: `Missing a required claim: '${claim}'`,
    });
  });

  it('is not taken with what is for another kind of provider', async () => {
    expect((await refusal(trade(BUILD_JOB, { ProviderId: 'www.amazon.com' }))).message).toMatch(
      /local-aws does not .*ProviderId/,
    );
  });

  it('is not judged by a condition key that is not known here', async () => {
    role('td-odd', {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACME}:oidc-provider/token.actions.githubusercontent.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringNotEquals: { 'aws:SourceIp': '10.0.0.1' } },
    });
    const told = await refusal(trade(BUILD_JOB, { RoleArn: arn('td-odd') }));
    expect([told.status, told.message]).toEqual([500, expect.stringContaining('aws:SourceIp')]);
  });
});

it('a key that encrypts neither signs nor has a public half', async () => {
  const { arn: KeyId } = putEncryptionKey(on.aws.world, ACME, REGION, 'alias/secrets');
  const kms = new KMSClient(on.as(on.acme));
  const sign = new SignCommand({ KeyId, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' });
  expect(await refusal(kms.send(sign))).toMatchObject({ name: 'InvalidKeyUsageException' });
  expect(await refusal(kms.send(new GetPublicKeyCommand({ KeyId })))).toMatchObject({
    name: 'UnsupportedOperationException',
  });
});
