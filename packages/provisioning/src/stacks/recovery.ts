import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RecoveryAgreement } from '@tenant-delivery/tenancy/recovery-agreement';
import { backupName, backupRoleName } from '../backup-names.ts';
import type { RenderedVault } from '../environment.ts';
import { alarmTopic } from './alarm-topic.ts';
import { backupVault } from './backups.ts';
import { tagsOf } from './networked-environment.ts';
import { recoveryRegistry } from './recovery-registry.ts';
import { vaultCopy } from './recovery-vault.ts';
import type { Resource, Template } from './template.ts';

/**
 * What another region keeps of an environment: copies of its backups, its record and its images. The administrator makes it:
 * a workflow that could change the copy of the record could weaken it, and none has rights in a second region.
 */
export function recoveryTemplate(
  contract: TenantContract,
  name: string,
  recovery: RecoveryAgreement,
  vault: RenderedVault,
): Template {
  const tags = tagsOf(contract, name);
  const { account } = contract;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What is kept here to recover ${contract.id} ${name}. No workflow changes it`,
    Resources: {
      ...alarmTopic(backupName(contract, name), { account, notify: recovery.notify, tags }),
      ...backupVault(contract, name, tags, {
        LockConfiguration: { MinRetentionDays: recovery.copies.days },
      }),
      BackupRole: backupRole(contract, name, vault.bucket),
      ...vaultCopy(contract, name, vault, tags),
      ...recoveryRegistry(contract, name, recovery.region),
    },
  };
}

/** It serves in both regions, because IAM is one for all. */
function backupRole(contract: TenantContract, name: string, bucket: string): Resource {
  const { account, partition } = contract;
  const managed = (policy: string) => `arn:${partition}:iam::aws:policy/service-role/${policy}`;
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: backupRoleName(contract, name),
      Path: `/td/${name}/`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'backup.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ],
      },
      ManagedPolicyArns: [
        managed('AWSBackupServiceRolePolicyForBackup'),
        managed('AWSBackupServiceRolePolicyForRestores'),
      ],
      Policies: [{ PolicyName: 'bucket', PolicyDocument: bucketBackup(partition, bucket) }],
    },
  };
}

/**
 * To back up the vault of the record before its stack is withdrawn. AWS's own policy for it would be about every bucket of the
 * account ("Managed policies for AWS Backup", Amazon S3 backup policy).
 */
function bucketBackup(partition: string, bucket: string) {
  const allow = (Action: readonly string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
  return {
    Version: '2012-10-17',
    Statement: [
      allow(
        [
          's3:GetBucketAcl',
          's3:GetBucketLocation',
          's3:GetBucketNotification',
          's3:GetBucketTagging',
          's3:GetBucketVersioning',
          's3:GetInventoryConfiguration',
          's3:ListBucket',
          's3:ListBucketVersions',
          's3:PutBucketNotification',
          's3:PutInventoryConfiguration',
        ],
        `arn:${partition}:s3:::${bucket}`,
      ),
      allow(
        [
          's3:GetObject',
          's3:GetObjectAcl',
          's3:GetObjectTagging',
          's3:GetObjectVersion',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
        ],
        `arn:${partition}:s3:::${bucket}/*`,
      ),
      allow(
        [
          'events:DeleteRule',
          'events:DescribeRule',
          'events:DisableRule',
          'events:EnableRule',
          'events:ListTargetsByRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
        ],
        `arn:${partition}:events:*:*:rule/AwsBackupManagedRule*`,
      ),
      allow(['cloudwatch:GetMetricData', 'events:ListRules', 's3:ListAllMyBuckets'], '*'),
    ],
  };
}
