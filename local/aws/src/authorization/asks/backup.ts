import type { CreateBackupSelectionCommandInput, StartBackupJobCommandInput } from '@aws-sdk/client-backup';
import { backupOf } from '../../backup/state.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfVault {
  readonly BackupVaultName?: string;
}

interface OfPlan {
  readonly BackupPlanId?: string;
}

function ofVault(operation: string, { BackupVaultName: name = '' }: OfVault, call: Call): Ask {
  const { world, account, region } = call;
  return {
    action: `backup:${operation}`,
    resource: `arn:aws:backup:${region}:${account}:backup-vault:${name}`,
    resourceTags: backupOf(world, account, region).vaults[name]?.tags ?? {},
  };
}

function ofPlan(operation: string, { BackupPlanId: id = '*' }: OfPlan, call: Call): Ask {
  const { world, account, region } = call;
  return {
    action: `backup:${operation}`,
    resource: `arn:aws:backup:${region}:${account}:backup-plan:${id}`,
    resourceTags: backupOf(world, account, region).plans[id]?.tags ?? {},
  };
}

const ofVaults = [
  'DeleteBackupVault',
  'DescribeBackupVault',
  'ListRecoveryPointsByBackupVault',
  'PutBackupVaultAccessPolicy',
  'PutBackupVaultNotifications',
  'GetBackupVaultNotifications',
  'DeleteBackupVaultNotifications',
];
const ofPlans = [
  'UpdateBackupPlan',
  'DeleteBackupPlan',
  'GetBackupPlan',
  'DeleteBackupSelection',
  'GetBackupSelection',
  'ListBackupSelections',
];

/** "Actions, resources, and condition keys for AWS Backup". */
export const backupAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    ofVaults.map((name) => [name, (input: OfVault, call: Call) => [ofVault(name, input, call)]]),
  ),
  ...Object.fromEntries(
    ofPlans.map((name) => [name, (input: OfPlan, call: Call) => [ofPlan(name, input, call)]]),
  ),
  // a vault is storage too, which is asked for under another name ("AWS Backup: API permissions")
  CreateBackupVault: (
    { BackupVaultTags = {}, ...input }: OfVault & { BackupVaultTags?: Record<string, string> },
    call,
  ) => [
    { ...ofVault('CreateBackupVault', input, call), requestTags: BackupVaultTags },
    { action: 'backup-storage:MountCapsule', resource: '*' },
  ],
  CreateBackupPlan: ({ BackupPlanTags = {} }: { BackupPlanTags?: Record<string, string> }, call) => [
    { ...ofPlan('CreateBackupPlan', {}, call), requestTags: BackupPlanTags },
  ],
  CreateBackupSelection: (
    { BackupPlanId, BackupSelection }: Partial<CreateBackupSelectionCommandInput>,
    call,
  ) => [
    ofPlan('CreateBackupSelection', BackupPlanId === undefined ? {} : { BackupPlanId }, call),
    ...passing(BackupSelection?.IamRoleArn),
  ],
  StartBackupJob: (
    { IamRoleArn, ...input }: Partial<Pick<StartBackupJobCommandInput, 'IamRoleArn'>> & OfVault,
    call,
  ) => [ofVault('StartBackupJob', input, call), ...passing(IamRoleArn)],
  ...Object.fromEntries(
    ['DescribeBackupJob', 'DescribeRegionSettings', 'UpdateRegionSettings'].map((name) => [
      name,
      () => [{ action: `backup:${name}`, resource: '*' }],
    ]),
  ),
  PutBackupVaultLockConfiguration: (
    input: OfVault & { readonly MinRetentionDays?: number; readonly MaxRetentionDays?: number },
    call,
  ) => [
    {
      ...ofVault('PutBackupVaultLockConfiguration', input, call),
      context: {
        'backup:ChangeableForDays': undefined,
        'backup:MinRetentionDays': textOf(input.MinRetentionDays),
        'backup:MaxRetentionDays': textOf(input.MaxRetentionDays),
      },
    },
  ],
  ...Object.fromEntries(
    ['TagResource', 'UntagResource', 'ListTags'].map((name) => [
      name,
      ({ ResourceArn = '', Tags }: { ResourceArn?: string; Tags?: Record<string, string> }) =>
        ResourceArn === ''
          ? []
          : [{ action: `backup:${name}`, resource: ResourceArn, ...(Tags && { requestTags: Tags }) }],
    ]),
  ),
};

/** A job and a selection act in a role that the caller hands on. */
function passing(role: string | undefined): readonly Ask[] {
  return role === undefined
    ? []
    : [
        {
          action: 'iam:PassRole',
          resource: role,
          context: {
            'iam:PassedToService': 'backup.amazonaws.com',
            'iam:AssociatedResourceArn': undefined,
          },
        },
      ];
}

const textOf = (number: number | undefined) => (number === undefined ? undefined : String(number));
