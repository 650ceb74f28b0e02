import type {
  BackupRuleInput,
  CreateBackupPlanCommandOutput,
  CreateBackupSelectionCommandOutput,
} from '@aws-sdk/client-backup';
import { backupOf } from '../../backup/state.ts';
import { backup } from '../../services/backup.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { given, knowing, stepsOrUndo } from './network-properties.ts';
import { text } from './values.ts';

const stateOf = (world: Parameters<ResourceType['create']>[0], { account, region }: Making) =>
  backupOf(world, account, region);

/** Tags of AWS Backup are a map, in templates too. */
const mapOf = (properties: Properties, name: string): Readonly<Record<string, string>> => ({
  ...Object(properties[name]),
});

const vault: ResourceType = {
  type: 'AWS::Backup::BackupVault',
  create: async (_world, made) => {
    const name = text(made.properties, 'BackupVaultName') ?? '';
    const input = given({
      BackupVaultName: name,
      EncryptionKeyArn: text(made.properties, 'EncryptionKeyArn'),
      BackupVaultTags: mapOf(made.properties, 'BackupVaultTags'),
    });
    await made.perform(backup, 'CreateBackupVault', input);
    await stepsOrUndo(
      () => setUp(made, name, {}),
      () => made.perform(backup, 'DeleteBackupVault', { BackupVaultName: name }),
    );
    return name;
  },
  update: async (world, id, made, before) => {
    await setUp(made, id, before);
    await retag(made, stateOf(world, made).vaults[id]?.arn ?? '', 'BackupVaultTags', before);
  },
  remove: async (_world, id, made) => {
    await made.perform(backup, 'DeleteBackupVault', { BackupVaultName: id });
  },
  read: (world, id, made) => {
    const found = stateOf(world, made).vaults[id];
    const { lock, notifications: told } = found ?? {};
    return (
      found &&
      given({
        BackupVaultName: found.name,
        EncryptionKeyArn: found.keyArn,
        LockConfiguration:
          lock && given({ MinRetentionDays: lock.minimumDays, MaxRetentionDays: lock.maximumDays }),
        Notifications: told && { SNSTopicArn: told.topic, BackupVaultEvents: told.events },
        ...(Object.keys(found.tags).length > 0 && { BackupVaultTags: { ...found.tags } }),
      })
    );
  },
  attributes: (world, id, made) => ({
    BackupVaultName: id,
    BackupVaultArn: stateOf(world, made).vaults[id]?.arn,
  }),
};

/** Sets the lock and the notifications where they differ. */
async function setUp(made: Making, BackupVaultName: string, before: Properties): Promise<void> {
  const changed = (name: string) => JSON.stringify(made.properties[name]) !== JSON.stringify(before[name]);
  const { LockConfiguration, Notifications } = made.properties;
  if (changed('LockConfiguration'))
    await made.perform(backup, 'PutBackupVaultLockConfiguration', {
      BackupVaultName,
      ...Object(LockConfiguration),
    });
  if (changed('Notifications'))
    await made.perform(
      backup,
      Notifications === undefined ? 'DeleteBackupVaultNotifications' : 'PutBackupVaultNotifications',
      { BackupVaultName, ...Object(Notifications) },
    );
}

async function retag(made: Making, ResourceArn: string, property: string, before: Properties): Promise<void> {
  const [is, was] = [mapOf(made.properties, property), mapOf(before, property)];
  const gone = Object.keys(was).filter((key) => is[key] === undefined);
  if (JSON.stringify(is) === JSON.stringify(was)) return;
  await made.perform(backup, 'TagResource', { ResourceArn, Tags: is });
  if (gone.length > 0) await made.perform(backup, 'UntagResource', { ResourceArn, TagKeyList: gone });
}

/** Templates have two words of their own: `BackupPlanRule`, and `TargetBackupVault` in it. */
function planOf({ BackupPlan: plan }: Properties): object {
  const { BackupPlanRule: rules = [], ...others } = Object(plan);
  return {
    ...others,
    Rules: rules.map(({ TargetBackupVault, ...rule }: Properties) => ({
      ...rule,
      TargetBackupVaultName: TargetBackupVault,
    })),
  };
}

function readRule({ TargetBackupVaultName, ...rule }: BackupRuleInput): Properties {
  return { ...rule, TargetBackupVault: TargetBackupVaultName };
}

const plan: ResourceType = {
  type: 'AWS::Backup::BackupPlan',
  create: async (_world, made) => {
    const { BackupPlanId = '' } = await made.perform<CreateBackupPlanCommandOutput>(
      backup,
      'CreateBackupPlan',
      {
        BackupPlan: planOf(made.properties),
        BackupPlanTags: mapOf(made.properties, 'BackupPlanTags'),
      },
    );
    return BackupPlanId;
  },
  update: async (world, id, made, before) => {
    await made.perform(backup, 'UpdateBackupPlan', { BackupPlanId: id, BackupPlan: planOf(made.properties) });
    await retag(made, stateOf(world, made).plans[id]?.arn ?? '', 'BackupPlanTags', before);
  },
  remove: async (_world, id, made) => {
    await made.perform(backup, 'DeleteBackupPlan', { BackupPlanId: id });
  },
  read: (world, id, made) => {
    const found = stateOf(world, made).plans[id];
    return (
      found && {
        BackupPlan: { BackupPlanName: found.name, BackupPlanRule: found.rules.map(readRule) },
        ...(Object.keys(found.tags).length > 0 && { BackupPlanTags: { ...found.tags } }),
      }
    );
  },
  attributes: (world, id, made) => ({
    BackupPlanId: id,
    BackupPlanArn: stateOf(world, made).plans[id]?.arn,
    VersionId: stateOf(world, made).plans[id]?.version,
  }),
};

const selection: ResourceType = {
  type: 'AWS::Backup::BackupSelection',
  create: async (_world, made) => {
    const { BackupPlanId, BackupSelection } = made.properties;
    const { SelectionId } = await made.perform<CreateBackupSelectionCommandOutput>(
      backup,
      'CreateBackupSelection',
      { BackupPlanId, BackupSelection },
    );
    return `${SelectionId}_${BackupPlanId}`;
  },
  update: () => {}, // either of its properties makes another one
  remove: async (_world, id, made) => {
    const [SelectionId, BackupPlanId] = id.split('_');
    await made.perform(backup, 'DeleteBackupSelection', { SelectionId, BackupPlanId });
  },
  read: (world, id, made) => {
    const [SelectionId = '', BackupPlanId = ''] = id.split('_');
    const found = stateOf(world, made).plans[BackupPlanId]?.selections[SelectionId];
    return found && { BackupPlanId, BackupSelection: found.content };
  },
  attributes: (_world, id) => {
    const [SelectionId, BackupPlanId] = id.split('_');
    return { Id: id, SelectionId, BackupPlanId };
  },
};

export const backupTypes: readonly ResourceType[] = [
  knowing(
    ['BackupVaultName', 'EncryptionKeyArn', 'LockConfiguration', 'Notifications', 'BackupVaultTags'],
    vault,
  ),
  knowing(['BackupPlan', 'BackupPlanTags'], plan),
  knowing(['BackupPlanId', 'BackupSelection'], selection),
];
