import { beforeAll, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { runBackupPlans } from '../src/backup/run-plans.ts';
import { iamOf } from '../src/iam/state.ts';
import type { PolicyDocument } from '../src/policy/document.ts';
import { holdReplication } from '../src/s3/replication.ts';
import { bucketsOf } from '../src/s3/state.ts';
import { putRole } from '../src/services/iam.ts';
import { emptyAccount } from './a-network.ts';

beforeAll(readReference);

const ACCOUNT = '000011112222';
const [HERE, THERE] = ['shop-data', 'shop-data-copy'] as const;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const rights: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};

/** A bucket that is copied to another one and backed up by a plan, whose backups are copied to another region. */
async function prepared() {
  const account = emptyAccount();
  const { world, make } = account;
  for (const [name, service] of [
    ['replication', 's3.amazonaws.com'],
    ['backup', 'backup.amazonaws.com'],
  ] as const) {
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    };
    putRole(world, ACCOUNT, {
      ...{ name, path: '/', description: '', partition: 'aws', tags: {}, trust },
      ...{ policies: { all: rights }, maxSessionDuration: 3_600 },
    });
  }
  const VersioningConfiguration = { Status: 'Enabled' };
  await make('AWS::S3::Bucket', { BucketName: THERE, VersioningConfiguration });
  await make('AWS::S3::Bucket', {
    ...{ BucketName: HERE, VersioningConfiguration, Tags: [{ Key: 'backup', Value: 'yes' }] },
    ReplicationConfiguration: {
      Role: roleArn('replication'),
      Rules: [{ Status: 'Enabled', Destination: { Bucket: `arn:aws:s3:::${THERE}` } }],
    },
  });
  const put = (Key: string) =>
    account.perform('s3', 'PutObject', { Bucket: HERE, Key, Body: Buffer.from(Key) });
  const status = async (Key: string, Bucket: string = HERE) =>
    (await account.perform('s3', 'HeadObject', { Bucket, Key }))['ReplicationStatus'];
  return { ...account, put, status };
}

it('S3 copies what is written, a little later, and says so of both', async () => {
  const { put, status, clock } = await prepared();
  await put('a');
  expect(await status('a')).toBe('PENDING');
  await expect(status('a', THERE)).rejects.toThrow();
  await clock.advance(30_000);
  expect([await status('a'), await status('a', THERE)]).toEqual(['COMPLETED', 'REPLICA']);
});

it('S3 fails to copy where its role or the other bucket is gone, and waits while it is held', async () => {
  const { put, status, clock, world } = await prepared();
  holdReplication(world, HERE, true);
  await put('held');
  await clock.advance(3_600_000);
  expect(await status('held')).toBe('PENDING');
  holdReplication(world, HERE, false);
  await put('a');
  const { replication } = iamOf(world, ACCOUNT).roles;
  delete iamOf(world, ACCOUNT).roles['replication'];
  await clock.advance(30_000);
  expect(await status('a')).toBe('FAILED');
  Object.assign(iamOf(world, ACCOUNT).roles, { replication });
  delete bucketsOf(world)[THERE];
  await put('b');
  await clock.advance(30_000);
  expect(await status('b')).toBe('FAILED');
});

it('S3 copies nothing that was there before the rule', async () => {
  const { perform, make } = await prepared();
  await make('AWS::S3::Bucket', { BucketName: 'plain-data' });
  const Bucket = 'plain-data';
  await perform('s3', 'PutObject', { Bucket, Key: 'a', Body: Buffer.from('a') });
  expect((await perform('s3', 'HeadObject', { Bucket, Key: 'a' }))['ReplicationStatus']).toBeUndefined();
});

/** The points of both vaults once the plan has run. */
async function backedUp({ days = 90, kinds = { S3: true } } = {}) {
  const { perform, make, world, clock } = await prepared();
  const elsewhere = 'eu-central-1';
  await make('AWS::Backup::BackupVault', { BackupVaultName: 'home' });
  await perform('backup', 'CreateBackupVault', { BackupVaultName: 'away' }, elsewhere);
  const lock = { BackupVaultName: 'away', MinRetentionDays: 90 };
  await perform('backup', 'PutBackupVaultLockConfiguration', lock, elsewhere);
  await perform('backup', 'UpdateRegionSettings', { ResourceTypeOptInPreference: kinds });
  const { BackupPlanId } = await perform('backup', 'CreateBackupPlan', {
    BackupPlan: {
      BackupPlanName: 'plan',
      Rules: [
        {
          ...{ RuleName: 'daily', TargetBackupVaultName: 'home', Lifecycle: { DeleteAfterDays: 35 } },
          CopyActions: [
            {
              DestinationBackupVaultArn: `arn:aws:backup:eu-central-1:${ACCOUNT}:backup-vault:away`,
              Lifecycle: { DeleteAfterDays: days },
            },
          ],
        },
      ],
    },
  });
  await perform('backup', 'CreateBackupSelection', {
    BackupPlanId,
    BackupSelection: {
      ...{ SelectionName: 'tagged', IamRoleArn: roleArn('backup'), NotResources: ['arn:aws:s3:::td-*'] },
      ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'yes' }],
    },
  });
  runBackupPlans({ world, account: ACCOUNT, region: 'eu-west-1' });
  await clock.advance(90_000);
  const list = async (BackupVaultName: string, where?: string) =>
    (await perform('backup', 'ListRecoveryPointsByBackupVault', { BackupVaultName }, where))[
      'RecoveryPoints'
    ];
  const between = await list('away', elsewhere);
  await clock.advance(90_000);
  return { BackupPlanId, home: await list('home'), between, away: await list('away', elsewhere) };
}

it('AWS Backup backs up what a plan selects, and copies that later', async () => {
  const { BackupPlanId, home, between, away } = await backedUp();
  const point = { ResourceArn: `arn:aws:s3:::${HERE}`, Status: 'COMPLETED', CreatedBy: { BackupPlanId } };
  expect(home).toMatchObject([point]);
  expect(between).toEqual([]);
  expect(away).toMatchObject([
    { ...point, SourceBackupVaultArn: `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:home` },
  ]);
});

it('AWS Backup copies nothing that the lock of the other vault wants longer, and backs up nothing that is turned off', async () => {
  expect(await backedUp({ days: 30 })).toMatchObject({ home: [{}], away: [] });
  expect(await backedUp({ kinds: { S3: false } })).toMatchObject({ home: [], away: [] });
});
