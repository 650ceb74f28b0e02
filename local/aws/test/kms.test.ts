import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  type MessageType,
  SignCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putSigningKey } from '../src/services/kms.ts';
import { ACME, REGION, refusal, type Stage, stage } from './acme.ts';
import { BUILD_JOB, PLAN_JOB } from './an-issuer.ts';

const ALIAS = 'alias/td/prod/build';
const message = Buffer.from('what is signed');
const digest = createHash('sha256').update(message).digest();

let on: Stage;
let build: KMSClient;
beforeAll(async () => {
  on = await stage();
  build = new KMSClient(on.as(await on.assume('build', BUILD_JOB)));
});
afterAll(() => on.close());

const sign = (client: KMSClient, KeyId: string, Message: Uint8Array, MessageType: MessageType) =>
  client.send(new SignCommand({ KeyId, Message, MessageType, SigningAlgorithm: 'ECDSA_SHA_256' }));

describe('a signing key', () => {
  it('signs a digest so that anybody with the public key can verify the message', async () => {
    const { PublicKey = new Uint8Array() } = await build.send(new GetPublicKeyCommand({ KeyId: ALIAS }));
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    for (let i = 0; i < 20; i += 1) {
      const { Signature = new Uint8Array() } = await sign(build, ALIAS, digest, 'DIGEST');
      expect(verify('sha256', message, key, Signature)).toBe(true);
      expect(verify('sha256', Buffer.from('something else'), key, Signature)).toBe(false);
    }
  });

  it('is found by id, ARN, alias and alias ARN', async () => {
    const { KeyMetadata } = await build.send(new DescribeKeyCommand({ KeyId: ALIAS }));
    expect(KeyMetadata).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      AWSAccountId: ACME,
      KeyState: 'Enabled',
    });
    for (const KeyId of [KeyMetadata?.KeyId, KeyMetadata?.Arn, `arn:aws:kms:${REGION}:${ACME}:${ALIAS}`])
      expect(await build.send(new DescribeKeyCommand({ KeyId: KeyId ?? '' }))).toMatchObject({
        KeyMetadata: { Arn: KeyMetadata?.Arn },
      });
    const absent = build.send(new DescribeKeyCommand({ KeyId: 'alias/nothing' }));
    expect(await refusal(absent)).toMatchObject({ name: 'NotFoundException' });
  });

  it("answers to its duty's role alone: not to another duty, not to the account's operator, not to another account", async () => {
    const gate = new KMSClient(on.as(await on.assume('gate', PLAN_JOB)));
    const denied = { name: 'AccessDeniedException', message: expect.stringContaining('kms:Sign') };
    expect(await refusal(sign(gate, ALIAS, digest, 'DIGEST'))).toMatchObject(denied);
    expect(await refusal(sign(new KMSClient(on.as(on.acme)), ALIAS, digest, 'DIGEST'))).toMatchObject(denied);
    const stranger = new KMSClient(on.as(on.globex));
    expect(
      await refusal(sign(stranger, `arn:aws:kms:${REGION}:${ACME}:${ALIAS}`, digest, 'DIGEST')),
    ).toMatchObject(denied);
    const peek = stranger.send(new GetPublicKeyCommand({ KeyId: `arn:aws:kms:${REGION}:${ACME}:${ALIAS}` }));
    expect(await refusal(peek)).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('signs digests alone, of the right length', async () => {
    expect(await refusal(sign(build, ALIAS, message, 'DIGEST'))).toMatchObject({
      name: 'ValidationException',
    });
    expect(await refusal(sign(build, ALIAS, message, 'RAW'))).toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('whose policy allows it signs a message itself, up to 4096 bytes', async () => {
    const everybody = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
    } as const;
    putSigningKey(on.aws.world, ACME, REGION, {
      partition: 'aws',
      alias: 'alias/open',
      description: '',
      policy: everybody,
    });
    const { PublicKey = new Uint8Array() } = await build.send(
      new GetPublicKeyCommand({ KeyId: 'alias/open' }),
    );
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    const { Signature = new Uint8Array() } = await sign(build, 'alias/open', message, 'RAW');
    expect(verify('sha256', message, key, Signature)).toBe(true);
    expect(await refusal(sign(build, 'alias/open', Buffer.alloc(4097), 'RAW'))).toMatchObject({
      name: 'ValidationException',
    });
  });
});
