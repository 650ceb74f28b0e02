import { beforeAll, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { lackedForBackup } from '../src/backup/bucket-rights.ts';
import type { PolicyDocument } from '../src/policy/document.ts';
import { putBucket } from '../src/s3/state.ts';
import { putRole } from '../src/services/iam.ts';
import { emptyAccount } from './a-network.ts';

beforeAll(readReference);

const ACCOUNT = '000011112222';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/td/prod/td-acme-prod-backup`;
const BUCKET = 'td-vault-acme-prod';
const RESOURCE = `arn:aws:s3:::${BUCKET}`;

const trust = (service: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const rights = (Action: string | readonly string[] = 's3:*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

/** A bucket, a vault and a role with which AWS Backup can do its work. */
async function prepared({ kinds = { S3: true }, service = 'backup.amazonaws.com', policy = rights() } = {}) {
  const account = emptyAccount();
  const { world } = account;
  putRole(world, ACCOUNT, {
    ...{ name: 'td-acme-prod-backup', path: '/td/prod/', description: '', partition: 'aws', tags: {} },
    ...{ trust: trust(service), policies: { bucket: policy }, maxSessionDuration: 3_600 },
  });
  const bucket = putBucket(world, { name: BUCKET, account: ACCOUNT, region: 'eu-west-1', versioned: true });
  await account.make('AWS::Backup::BackupVault', { BackupVaultName: 'td-acme-prod' });
  const perform = (operation: string, input: object) => account.perform('backup', operation, input);
  await perform('UpdateRegionSettings', { ResourceTypeOptInPreference: kinds });
  const start = (more: object = {}) =>
    perform('StartBackupJob', {
      ...{
        BackupVaultName: 'td-acme-prod',
        ResourceArn: RESOURCE,
        IamRoleArn: ROLE,
        IdempotencyToken: 'one',
      },
      ...more,
    });
  const job = async (started: Record<string, unknown>) =>
    perform('DescribeBackupJob', { BackupJobId: started['BackupJobId'] });
  return { ...account, bucket, perform, start, job };
}

it('a job begins, runs, and leaves a backup in its vault', async () => {
  const { start, job, clock, perform } = await prepared();
  const started = await start({ Lifecycle: { DeleteAfterDays: 35 } });
  expect(started['RecoveryPointArn']).toBeUndefined(); // of a bucket it is known when the job is complete
  expect(await job(started)).toMatchObject({ State: 'CREATED', ResourceType: 'S3', ResourceArn: RESOURCE });
  await clock.advance(15_000);
  expect(await job(started)).toMatchObject({ State: 'RUNNING' });
  await clock.advance(60_000);
  const ended = await job(started);
  expect(ended).toMatchObject({ State: 'COMPLETED', MessageCategory: 'SUCCESS', PercentDone: '100.0' });
  expect(await perform('ListRecoveryPointsByBackupVault', { BackupVaultName: 'td-acme-prod' })).toMatchObject(
    {
      RecoveryPoints: [{ RecoveryPointArn: ended['RecoveryPointArn'], ResourceArn: RESOURCE }],
    },
  );
});

it('a token is one job, and no other resource’s', async () => {
  const { start, perform, clock, world } = await prepared();
  const [first, again] = [await start(), await start()];
  expect(again).toEqual(first);
  await clock.advance(120_000);
  expect(await start()).toEqual(first); // also when it is over
  const { RecoveryPoints } = await perform('ListRecoveryPointsByBackupVault', {
    BackupVaultName: 'td-acme-prod',
  });
  expect(RecoveryPoints).toHaveLength(1);
  expect((await start({ IdempotencyToken: 'two' }))['BackupJobId']).not.toBe(first['BackupJobId']);
  putBucket(world, { name: 'other', account: ACCOUNT, region: 'eu-west-1', versioned: true });
  await expect(start({ ResourceArn: 'arn:aws:s3:::other' })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
  });
});

it.each([
  ['an unknown vault', { BackupVaultName: 'none' }, 'ResourceNotFoundException'],
  ['an unknown bucket', { ResourceArn: 'arn:aws:s3:::nobodys' }, 'ResourceNotFoundException'],
  [
    'a kind that it does not know',
    { ResourceArn: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/acme/orders` },
    'InvalidParameterValueException',
  ],
  ['an unknown role', { IamRoleArn: `${ROLE}-other` }, 'InvalidParameterValueException'],
  ['less than an hour to start', { StartWindowMinutes: 30 }, 'InvalidParameterValueException'],
  [
    'less than an hour to complete',
    { StartWindowMinutes: 60, CompleteWindowMinutes: 90 },
    'InvalidParameterValueException',
  ],
  [
    'a backup that goes before it is cold',
    { Lifecycle: { DeleteAfterDays: 30, MoveToColdStorageAfterDays: 7 } },
    'InvalidParameterValueException',
  ],
])('AWS Backup takes no job for %s', async (_, more, code) => {
  const { start } = await prepared();
  await expect(start(more)).rejects.toMatchObject({ code });
});

it('AWS Backup takes no job for a kind that nobody turned on, nor in a role that it cannot assume', async () => {
  const off = await prepared({ kinds: { S3: false } });
  await expect(off.start()).rejects.toMatchObject({ code: 'InvalidRequestException' });
  const other = await prepared({ service: 'ec2.amazonaws.com' });
  await expect(other.start()).rejects.toThrow('cannot be assumed by AWS Backup');
});

it('AWS Backup takes no job whose backup the lock of its vault would not let go in time', async () => {
  const { start, make } = await prepared();
  await make('AWS::Backup::BackupVault', {
    BackupVaultName: 'locked',
    LockConfiguration: { MinRetentionDays: 90 },
  });
  const into = { BackupVaultName: 'locked' };
  await expect(start({ ...into, Lifecycle: { DeleteAfterDays: 35 } })).rejects.toThrow('the lock of locked');
  await start({ ...into, Lifecycle: { DeleteAfterDays: 90 } });
});

it('a job fails in a role that may not read the bucket, and of a bucket without versions, and leaves no backup', async () => {
  const silent = await prepared({ policy: rights(['s3:GetObject', 's3:ListBucket']) });
  const plain = await prepared();
  putBucket(plain.world, { name: BUCKET, account: ACCOUNT, region: 'eu-west-1', versioned: false });
  for (const [{ start, job, clock, perform }, why] of [
    [silent, 's3:GetObjectVersion'],
    [plain, 'versioning'],
  ] as const) {
    const started = await start();
    await clock.advance(120_000);
    const ended = await job(started);
    expect(ended).toMatchObject({ State: 'FAILED' });
    expect(ended['StatusMessage']).toContain(why);
    expect(await perform('ListRecoveryPointsByBackupVault', { BackupVaultName: 'td-acme-prod' })).toEqual({
      RecoveryPoints: [],
    });
  }
});

it('a bucket’s own policy can keep AWS Backup out', async () => {
  const { world, bucket } = await prepared();
  const denied = {
    ...bucket,
    policy: {
      ...rights(),
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetBucketAcl', Resource: RESOURCE }],
    },
  } as const;
  const role = putRole(world, ACCOUNT, {
    ...{ name: 'any', path: '/', description: '', partition: 'aws', tags: {}, maxSessionDuration: 3_600 },
    ...{ trust: trust('backup.amazonaws.com'), policies: { bucket: rights() } },
  });
  const call = {
    principal: undefined,
    account: ACCOUNT,
    region: 'eu-west-1',
    requestId: '',
    world,
    headers: {},
  };
  expect(lackedForBackup(role, denied, call)).toEqual(['s3:GetBucketAcl']);
});
