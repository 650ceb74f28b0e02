import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { eventsOf } from '../src/services/cloudtrail.ts';
import { putEncryptionKey, setKeyState } from '../src/services/kms.ts';
import { failReplication, loginsOf, scriptRotation, seedSecret } from '../src/services/secretsmanager.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { ACME, REGION, refusal } from './acme.ts';

const clock = manualClock();
let aws: LocalAws;
let sm: SecretsManagerClient;
let elsewhere: SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  const base = { endpoint: aws.url, credentials: aws.addAccount(ACME), maxAttempts: 1 };
  sm = new SecretsManagerClient({ ...base, region: REGION });
  elsewhere = new SecretsManagerClient({ ...base, region: 'eu-central-1' });
});
afterAll(() => aws.close());

const put = (SecretId: string, ClientRequestToken: string, SecretString: string, VersionStages?: string[]) =>
  sm.send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken,
      SecretString,
      ...(VersionStages ? { VersionStages } : {}),
    }),
  );
const value = async (SecretId: string, by: { VersionId?: string; VersionStage?: string } = {}) =>
  (await sm.send(new GetSecretValueCommand({ SecretId, ...by }))).SecretString;
const stages = async (SecretId: string) =>
  (await sm.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {};
const move = (SecretId: string, VersionStage: string, to: string | undefined, from?: string) =>
  sm.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage,
      ...(to ? { MoveToVersionId: to } : {}),
      ...(from ? { RemoveFromVersionId: from } : {}),
    }),
  );

/** A secret with one current version. */
async function escrow(name: string): Promise<string> {
  const first = randomUUID();
  await sm.send(new CreateSecretCommand({ Name: name, SecretString: 'one', ClientRequestToken: first }));
  return first;
}

it('lists secrets by how their names begin, page by page, and those to be deleted only where that is asked', async () => {
  for (const name of ['list/a', 'list/b', 'list/c', 'LIST/d', 'other'])
    await sm.send(
      new CreateSecretCommand({ Name: name, SecretString: 'x', Tags: [{ Key: 'of', Value: name }] }),
    );
  await sm.send(new DeleteSecretCommand({ SecretId: 'list/c' }));
  const list = (more: object) =>
    sm.send(
      new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['list/'] }], SortOrder: 'asc', ...more }),
    );
  const first = await list({ MaxResults: 1 });
  const second = await list({ MaxResults: 1, NextToken: first.NextToken });
  const listed = [...(first.SecretList ?? []), ...(second.SecretList ?? [])];
  expect([listed.map(({ Name }) => Name), second.NextToken]).toEqual([['list/a', 'list/b'], undefined]);
  expect(listed[0]?.Tags).toEqual([{ Key: 'of', Value: 'list/a' }]);
  expect((await list({ IncludePlannedDeletion: true })).SecretList?.[2]?.DeletedDate).toBeDefined();
});

describe('a version of a secret', () => {
  it('that is not there is deleted by force, so that a retry is no error', async () => {
    const absent = { SecretId: 'td/prod/never' };
    expect(await refusal(sm.send(new DeleteSecretCommand(absent)))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const forced = sm.send(new DeleteSecretCommand({ ...absent, ForceDeleteWithoutRecovery: true }));
    expect(await forced).toMatchObject({ Name: 'td/prod/never', DeletionDate: expect.any(Date) });
  });

  it('is named by its token: the same value again is nothing new, another value is refused', async () => {
    const first = await escrow('token');
    const second = randomUUID();
    const asked = await put('token', second, 'two', ['TDPENDING']);
    expect(asked).toMatchObject({ VersionId: second, VersionStages: ['TDPENDING'] });
    expect(await put('token', second, 'two', ['TDPENDING'])).toMatchObject({ VersionId: second });
    expect(await refusal(put('token', second, 'three'))).toMatchObject({ name: 'ResourceExistsException' });
    expect(await stages('token')).toEqual({ [first]: ['AWSCURRENT'], [second]: ['TDPENDING'] });
    expect(await value('token')).toBe('one');
    expect(await value('token', { VersionStage: 'TDPENDING' })).toBe('two');
    expect(await value('token', { VersionId: second })).toBe('two');
    expect(await refusal(value('token', { VersionId: second, VersionStage: 'AWSCURRENT' }))).toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('becomes current by its label alone, and what was current is the previous one', async () => {
    const first = await escrow('labels');
    const second = randomUUID();
    await put('labels', second, 'two', ['TDPENDING']);
    expect(await refusal(move('labels', 'AWSCURRENT', second))).toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('RemoveFromVersionId'),
    });
    await move('labels', 'AWSCURRENT', second, first);
    await move('labels', 'TDPENDING', undefined, second);
    expect(await stages('labels')).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
    expect(await refusal(move('labels', 'AWSCURRENT', undefined, second))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('without a label is not described, but there when it is asked for by its id', async () => {
    const first = await escrow('old');
    await put('old', randomUUID(), 'two');
    await put('old', randomUUID(), 'three');
    expect(Object.keys(await stages('old'))).not.toContain(first);
    expect(await value('old', { VersionId: first })).toBe('one');
    const list = await sm.send(
      new ListSecretVersionIdsCommand({ SecretId: 'old', IncludeDeprecated: true, MaxResults: 2 }),
    );
    expect(list.Versions).toMatchObject([{ VersionId: first }, { VersionStages: ['AWSPREVIOUS'] }]);
    expect(list.NextToken).toBeDefined();
  });

  it('is current when it is the first, whatever label it was to have', async () => {
    await sm.send(new CreateSecretCommand({ Name: 'empty' }));
    const first = randomUUID();
    await put('empty', first, 'one', ['TDPENDING']);
    expect(await stages('empty')).toEqual({ [first]: ['TDPENDING', 'AWSCURRENT'] });
  });

  it('is never in the log of calls', () => {
    expect(JSON.stringify(aws.calls)).not.toContain('"two"');
  });
});

describe('a secret', () => {
  it('that waits for its deletion answers no value until it is restored, and is gone after its window', async () => {
    await escrow('doomed');
    await sm.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    expect(await refusal(value('doomed'))).toMatchObject({ name: 'InvalidRequestException' });
    expect(await refusal(put('doomed', randomUUID(), 'x'))).toMatchObject({
      name: 'InvalidRequestException',
    });
    await sm.send(new RestoreSecretCommand({ SecretId: 'doomed' }));
    expect(await value('doomed')).toBe('one');
    await sm.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    await clock.advance(7 * 86_400_000);
    expect(await refusal(value('doomed'))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('whose key is disabled can be neither read nor written', async () => {
    const { arn } = putEncryptionKey(aws.world, ACME, REGION, 'alias/escrow');
    await sm.send(new CreateSecretCommand({ Name: 'keyed', SecretString: 'one', KmsKeyId: arn }));
    setKeyState(aws.world, ACME, REGION, 'alias/escrow', 'Disabled');
    expect(await refusal(value('keyed'))).toMatchObject({ name: 'DecryptionFailure' });
    expect(await refusal(put('keyed', randomUUID(), 'two'))).toMatchObject({ name: 'EncryptionFailure' });
  });

  it('is made with no key that is not there', async () => {
    for (const KmsKeyId of ['alias/nobody', `arn:aws:kms:eu-central-1:${ACME}:key/${randomUUID()}`]) {
      const made = sm.send(new CreateSecretCommand({ Name: 'unkeyed', SecretString: 'one', KmsKeyId }));
      expect(await refusal(made)).toMatchObject({
        name: 'AccessDeniedException',
        message: 'Access to KMS is not allowed',
      });
    }
    expect(await refusal(value('unkeyed'))).toMatchObject({ name: 'ResourceNotFoundException' });
    const managed = { Name: 'managed', SecretString: 'one', KmsKeyId: 'alias/aws/secretsmanager' };
    await sm.send(new CreateSecretCommand(managed));
    expect(await value('managed')).toBe('one');
  });

  it('has its new value in another region a moment later, or says why not', async () => {
    await escrow('everywhere');
    await sm.send(
      new ReplicateSecretToRegionsCommand({
        SecretId: 'everywhere',
        AddReplicaRegions: [{ Region: 'eu-central-1' }],
      }),
    );
    const status = async () =>
      (await sm.send(new DescribeSecretCommand({ SecretId: 'everywhere' }))).ReplicationStatus?.[0];
    const there = async () =>
      (await elsewhere.send(new GetSecretValueCommand({ SecretId: 'everywhere' }))).SecretString;
    expect(await status()).toMatchObject({ Region: 'eu-central-1', Status: 'InProgress' });
    expect(await refusal(there())).toMatchObject({ name: 'ResourceNotFoundException' });
    await clock.advance(5_000);
    expect([await status(), await there()]).toEqual([expect.objectContaining({ Status: 'InSync' }), 'one']);
    failReplication(aws.world, { account: ACME, region: REGION, name: 'everywhere' }, 'eu-central-1', 'no');
    await put('everywhere', randomUUID(), 'two');
    await clock.advance(5_000);
    expect([await status(), await there()]).toEqual([expect.objectContaining({ Status: 'Failed' }), 'one']);
  });
});

describe('a rotation by a function', () => {
  const LAMBDA = `arn:aws:lambda:${REGION}:${ACME}:function:rotate`;
  const rotate = (SecretId: string, ClientRequestToken: string) =>
    sm.send(new RotateSecretCommand({ SecretId, ClientRequestToken }));
  const database = (name: string) =>
    seedSecret(aws.world, ACME, REGION, {
      name,
      value: JSON.stringify({ username: 'orders', password: 'old' }),
      rotation: { functionArn: LAMBDA, everyDays: 30 },
    });
  const login = async (name: string) => JSON.parse((await value(name)) ?? '');

  it('ends when the version of its token is current, where AWSPENDING may stay', async () => {
    database('single');
    scriptRotation(aws.world, ACME, REGION, LAMBDA, { kind: 'single-user' });
    const token = randomUUID();
    await rotate('single', token);
    expect(Object.values(await stages('single'))).toEqual([['AWSCURRENT'], ['AWSPENDING']]);
    await clock.advance(20_000);
    expect((await stages('single'))[token]).toEqual(['AWSPENDING', 'AWSCURRENT']);
    const { password } = await login('single');
    expect(loginsOf(aws.world, ACME, REGION, 'single')).toEqual({ orders: password });
  });

  it('of alternating users leaves the old password good until the next one', async () => {
    database('alternating');
    scriptRotation(aws.world, ACME, REGION, LAMBDA, { kind: 'alternating-users' });
    await rotate('alternating', randomUUID());
    await clock.advance(20_000);
    expect(await login('alternating')).toMatchObject({ username: 'orders_clone' });
    expect(loginsOf(aws.world, ACME, REGION, 'alternating')).toMatchObject({ orders: 'old' });
    await rotate('alternating', randomUUID());
    await clock.advance(20_000);
    expect(loginsOf(aws.world, ACME, REGION, 'alternating')['orders']).not.toBe('old');
  });

  it('that failed at a step is in the way of the next', async () => {
    database('stuck');
    scriptRotation(aws.world, ACME, REGION, LAMBDA, { kind: 'single-user', failsAt: 'testSecret' });
    await rotate('stuck', randomUUID());
    await clock.advance(3_600_000);
    expect(Object.values(await stages('stuck'))).toEqual([['AWSCURRENT'], ['AWSPENDING']]);
    expect(await refusal(rotate('stuck', randomUUID()))).toMatchObject({ name: 'InvalidRequestException' });
    const told = eventsOf(aws.world, ACME, REGION).filter(({ name }) => name === 'RotationFailed');
    expect(told).toMatchObject([{ record: { additionalEventData: { rotationStep: 'testSecret' } } }]);
  });
});
