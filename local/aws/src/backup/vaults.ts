import type {
  CreateBackupVaultCommandInput,
  CreateBackupVaultCommandOutput,
  DeleteBackupVaultCommandInput,
  DeleteBackupVaultNotificationsCommandInput,
  DescribeBackupVaultCommandInput,
  DescribeBackupVaultCommandOutput,
  GetBackupVaultNotificationsCommandInput,
  GetBackupVaultNotificationsCommandOutput,
  ListBackupVaultsCommandInput,
  ListBackupVaultsCommandOutput,
  ListRecoveryPointsByBackupVaultCommandInput,
  ListRecoveryPointsByBackupVaultCommandOutput,
  PutBackupVaultAccessPolicyCommandInput,
  PutBackupVaultLockConfigurationCommandInput,
  PutBackupVaultNotificationsCommandInput,
} from '@aws-sdk/client-backup';
import { findEncryptionKey } from '../kms/encryption-keys.ts';
import type { Output } from '../services/output.ts';
import { topicsOf } from '../sns/state.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { type BackupVault, backupOf } from './state.ts';

export const vaultOperations: Readonly<Record<string, Handler>> = {
  CreateBackupVault: createBackupVault,
  DeleteBackupVault: deleteBackupVault,
  DescribeBackupVault: describeBackupVault,
  ListBackupVaults: listBackupVaults,
  ListRecoveryPointsByBackupVault: listRecoveryPoints,
  PutBackupVaultAccessPolicy: putPolicy,
  PutBackupVaultLockConfiguration: putLock,
  PutBackupVaultNotifications: putNotifications,
  GetBackupVaultNotifications: getNotifications,
  DeleteBackupVaultNotifications: (input: DeleteBackupVaultNotificationsCommandInput, call) => {
    findVault(call, input.BackupVaultName).notifications = undefined;
    call.world.touched();
    return {};
  },
};

function createBackupVault(
  input: CreateBackupVaultCommandInput,
  call: Call,
): Output<CreateBackupVaultCommandOutput> {
  const { BackupVaultName: name = '', EncryptionKeyArn: key } = input;
  const { world, account, region } = call;
  const { vaults } = backupOf(world, account, region);
  const arn = `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
  if (vaults[name])
    throw new AwsError('AlreadyExistsException', 'Backup vault with the same name already exists', 400, {
      Arn: arn,
    });
  if (key !== undefined && !findEncryptionKey(world, account, region, key))
    throw new AwsError('InvalidParameterValueException', `The KMS key ${key} does not exist`);
  vaults[name] = {
    name,
    arn,
    keyArn: key ?? `arn:aws:kms:${region}:${account}:alias/aws/backup`,
    createdAt: world.clock.now(),
    tags: { ...input.BackupVaultTags },
    policy: undefined,
    lock: undefined,
    recoveryPoints: [],
  };
  world.touched();
  return { BackupVaultName: name, BackupVaultArn: arn, CreationDate: world.clock.date() };
}

export function findVault({ world, account, region }: Call, name = ''): BackupVault {
  const found = backupOf(world, account, region).vaults[name];
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Backup vault ${name} does not exist`);
}

function deleteBackupVault({ BackupVaultName }: DeleteBackupVaultCommandInput, call: Call): object {
  const { name, recoveryPoints } = findVault(call, BackupVaultName);
  if (recoveryPoints.length > 0)
    throw new AwsError(
      'InvalidRequestException',
      'Backup vault cannot be deleted because it contains recovery points',
    );
  delete backupOf(call.world, call.account, call.region).vaults[name];
  call.world.touched();
  return {};
}

function describeBackupVault(
  input: DescribeBackupVaultCommandInput,
  call: Call,
): Output<DescribeBackupVaultCommandOutput> {
  return describe(findVault(call, input.BackupVaultName));
}

function listBackupVaults(
  _: ListBackupVaultsCommandInput,
  { world, account, region }: Call,
): Output<ListBackupVaultsCommandOutput> {
  return { BackupVaultList: Object.values(backupOf(world, account, region).vaults).map(describe) };
}

function listRecoveryPoints(
  input: ListRecoveryPointsByBackupVaultCommandInput,
  call: Call,
): Output<ListRecoveryPointsByBackupVaultCommandOutput> {
  const { name, arn, recoveryPoints } = findVault(call, input.BackupVaultName);
  return {
    RecoveryPoints: recoveryPoints.map((point) => ({
      RecoveryPointArn: point.arn,
      BackupVaultName: name,
      BackupVaultArn: arn,
      ResourceArn: point.resource,
      ResourceType: 'S3',
      CreationDate: new Date(point.createdAt),
      Status: 'COMPLETED',
      ...(point.plan && { CreatedBy: { BackupPlanId: point.plan.id, BackupPlanArn: point.plan.arn } }),
      ...(point.copiedFrom !== undefined && { SourceBackupVaultArn: point.copiedFrom }),
    })),
  };
}

function putPolicy(input: PutBackupVaultAccessPolicyCommandInput, call: Call): object {
  findVault(call, input.BackupVaultName).policy = input.Policy;
  call.world.touched();
  return {};
}

/** In governance mode, which can be taken back: without ChangeableForDays. */
function putLock(input: PutBackupVaultLockConfigurationCommandInput, call: Call): object {
  const { MinRetentionDays: minimumDays, MaxRetentionDays: maximumDays } = input;
  findVault(call, input.BackupVaultName).lock = { minimumDays, maximumDays };
  call.world.touched();
  return {};
}

/** The events that a vault still reports. It accepts others and never reports them ("PutBackupVaultNotifications"). */
const EVENTS: readonly string[] = [
  'BACKUP_JOB_STARTED',
  'BACKUP_JOB_COMPLETED',
  'COPY_JOB_STARTED',
  'COPY_JOB_SUCCESSFUL',
  'COPY_JOB_FAILED',
  'RESTORE_JOB_STARTED',
  'RESTORE_JOB_COMPLETED',
  'RECOVERY_POINT_MODIFIED',
  'S3_BACKUP_OBJECT_FAILED',
  'S3_RESTORE_OBJECT_FAILED',
];

/** AWS Backup accepts events that it never reports. Here they are refused, because a template that waits for one is wrong. */
function putNotifications(input: PutBackupVaultNotificationsCommandInput, call: Call): object {
  const { SNSTopicArn: topic = '', BackupVaultEvents: events = [] } = input;
  const vault = findVault(call, input.BackupVaultName);
  const silent = events.filter((event) => !EVENTS.includes(event));
  if (silent.length > 0)
    throw new AwsError('NotImplemented', `local-aws knows no event ${silent.join(', ')} of a vault.`, 501);
  if (!topicsOf(call.world, call.account, call.region)[topic])
    throw new AwsError('InvalidParameterValueException', `The topic ${topic} does not exist`);
  vault.notifications = { topic, events };
  call.world.touched();
  return {};
}

function getNotifications(
  input: GetBackupVaultNotificationsCommandInput,
  call: Call,
): Output<GetBackupVaultNotificationsCommandOutput> {
  const { name, arn, notifications } = findVault(call, input.BackupVaultName);
  if (!notifications)
    throw new AwsError('ResourceNotFoundException', `Backup vault ${name} has no notifications`);
  return {
    BackupVaultName: name,
    BackupVaultArn: arn,
    SNSTopicArn: notifications.topic,
    BackupVaultEvents: notifications.events as 'COPY_JOB_FAILED'[], // one of the above
  };
}

function describe(vault: BackupVault) {
  const { lock } = vault;
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    EncryptionKeyArn: vault.keyArn,
    CreationDate: new Date(vault.createdAt),
    NumberOfRecoveryPoints: vault.recoveryPoints.length,
    Locked: lock !== undefined,
    ...(lock?.minimumDays !== undefined && { MinRetentionDays: lock.minimumDays }),
    ...(lock?.maximumDays !== undefined && { MaxRetentionDays: lock.maximumDays }),
  };
}
