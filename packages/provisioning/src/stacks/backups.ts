import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RecoveryAgreement } from '@tenant-delivery/tenancy/recovery-agreement';
import { backupName, backupRoleArn } from '../backup-names.ts';
import { environmentOf } from '../values.ts';
import { alarmTopic } from './alarm-topic.ts';
import { tagsOf } from './networked-environment.ts';
import { kept, type Resources, ref, type Tags, type Template } from './template.ts';

/** A vault for backups, or for their copies. */
export function backupVault(
  contract: TenantContract,
  name: string,
  tags: Tags,
  more: Readonly<Record<string, unknown>>,
): Resources {
  return {
    BackupVault: kept({
      Type: 'AWS::Backup::BackupVault',
      DependsOn: 'TopicPolicy',
      Properties: { BackupVaultName: backupName(contract, name), BackupVaultTags: tags, ...more },
    }),
  };
}

/**
 * Backups of everything that carries the environment's tag, with copies in the region that recovers it. The vault of the
 * record is copied by itself. The administrator makes this too: nobody whose workflow breaks something can stop its backups.
 */
export function backupsTemplate(
  contract: TenantContract,
  name: string,
  recovery: RecoveryAgreement,
): Template {
  const { region } = environmentOf(contract, name);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The backups of ${contract.id} ${name}. No workflow changes them`,
    Resources: backups(contract, name, recovery, region),
  };
}

function backups(
  contract: TenantContract,
  name: string,
  recovery: RecoveryAgreement,
  region: string,
): Resources {
  const { account, partition } = contract;
  const tags = tagsOf(contract, name);
  const called = backupName(contract, name);
  const arn = (service: string, where: string, what: string) =>
    `arn:${partition}:${service}:${where}:${account}:${what}`;
  return {
    ...alarmTopic(called, { account, notify: recovery.notify, tags }),
    ...backupVault(contract, name, tags, {
      // A vault no longer tells of backups that fail, which is what the alarm is for.
      Notifications: { BackupVaultEvents: ['COPY_JOB_FAILED'], SNSTopicArn: ref('Topic') },
    }),
    AlarmBackups: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${contract.id}-${name}-backups-failed`,
        AlarmDescription: `A backup of ${contract.id} ${name} failed`,
        Namespace: 'AWS/Backup',
        MetricName: 'NumberOfBackupJobsFailed',
        Dimensions: [{ Name: 'BackupVaultName', Value: called }],
        Statistic: 'Sum',
        Period: 3_600,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
        AlarmActions: [ref('Topic')],
      },
    },
    BackupPlan: {
      Type: 'AWS::Backup::BackupPlan',
      Properties: {
        BackupPlan: {
          BackupPlanName: called,
          BackupPlanRule: [
            {
              RuleName: 'agreed',
              TargetBackupVault: ref('BackupVault'),
              ScheduleExpression: recovery.backup.schedule,
              Lifecycle: { DeleteAfterDays: recovery.backup.days },
              CopyActions: [
                {
                  DestinationBackupVaultArn: arn('backup', recovery.region, `backup-vault:${called}`),
                  Lifecycle: { DeleteAfterDays: recovery.copies.days },
                },
              ],
            },
          ],
        },
        BackupPlanTags: tags,
      },
    },
    BackupSelection: {
      Type: 'AWS::Backup::BackupSelection',
      Properties: {
        BackupPlanId: ref('BackupPlan'),
        BackupSelection: {
          SelectionName: 'tagged',
          IamRoleArn: backupRoleArn(contract, name),
          ListOfTags: [
            {
              ConditionType: 'STRINGEQUALS',
              ConditionKey: 'tenant-delivery:contract',
              ConditionValue: tags['tenant-delivery:contract'],
            },
          ],
          NotResources: [`arn:${partition}:s3:::td-*`, arn('cloudformation', region, 'stack/td-*')],
        },
      },
    },
  };
}
