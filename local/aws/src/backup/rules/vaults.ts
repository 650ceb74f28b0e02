import type {
  CreateBackupPlanCommandInput,
  CreateBackupVaultCommandInput,
  PutBackupVaultAccessPolicyCommandInput,
  PutBackupVaultLockConfigurationCommandInput,
  PutBackupVaultNotificationsCommandInput,
  StartBackupJobCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-backup';
import { resourcePolicyMistakes } from '../../policy/resource-policy.ts';
import type { Rule } from '../../rules/rule.ts';

const LOCK = 'PutBackupVaultLockConfiguration - AWS Backup';
const CODE = 'InvalidParameterValueException';

type Tagging = TagResourceCommandInput &
  CreateBackupVaultCommandInput &
  CreateBackupPlanCommandInput &
  StartBackupJobCommandInput;

const TAGGING = [
  'CreateBackupVault',
  'CreateBackupPlan',
  'UpdateBackupPlan',
  'StartBackupJob',
  'TagResource',
];

/** The tags of each thing that a request makes: its own, and those of recovery points to come. */
const tagsOf = (input: Tagging): readonly Readonly<Record<string, string>>[] => [
  { ...input.Tags, ...input.BackupVaultTags, ...input.BackupPlanTags, ...input.RecoveryPointTags },
  ...(input.BackupPlan?.Rules ?? []).map(({ RecoveryPointTags = {} }) => RecoveryPointTags),
];

/** Vaults and tags. */
export const vaultRules: readonly Rule[] = [
  {
    operations: ['PutBackupVaultLockConfiguration'],
    page: LOCK,
    says: 'A lock keeps backups for 1 to 36,500 days, the least first.',
    code: CODE,
    *mistakes(input: PutBackupVaultLockConfigurationCommandInput) {
      const { MinRetentionDays: least = 1, MaxRetentionDays: most = 36_500 } = input;
      if (least < 1 || most > 36_500 || least > most)
        yield 'The retention of a vault lock is 1 to 36500 days, the least first.';
    },
    shownBy: [
      { MinRetentionDays: 0 },
      { MaxRetentionDays: 36_501 },
      { MinRetentionDays: 9, MaxRetentionDays: 8 },
    ],
  },
  {
    operations: ['PutBackupVaultLockConfiguration'],
    page: LOCK,
    says: 'A lock can be changed for 3 to 36,500 days before it is final.',
    code: CODE,
    *mistakes({ ChangeableForDays: days = 3 }: PutBackupVaultLockConfigurationCommandInput) {
      if (days < 3 || days > 36_500) yield `Invalid ChangeableForDays: ${days}. It must be 3 to 36500.`;
    },
    shownBy: [{ ChangeableForDays: 2 }, { ChangeableForDays: 36_501 }],
  },
  {
    operations: ['CreateBackupVault', 'CreateBackupPlan', 'CreateBackupSelection'],
    page: 'CreateBackupVault - AWS Backup',
    says: "A creator's request id has 1 to 50 letters, digits, hyphens, underscores and periods.",
    code: CODE,
    *mistakes({ CreatorRequestId: id = 'given' }: CreateBackupVaultCommandInput) {
      if (!/^[a-zA-Z0-9_.-]{1,50}$/.test(id)) yield `Invalid creator request ID: ${id}`;
    },
    shownBy: [{ CreatorRequestId: 'a b' }, { CreatorRequestId: '' }],
  },
  {
    operations: ['PutBackupVaultNotifications'],
    page: 'PutBackupVaultNotifications - AWS Backup',
    says: 'A vault that reports has at least one event to report.',
    code: 'MissingParameterValueException',
    *mistakes({ BackupVaultEvents: events = [] }: PutBackupVaultNotificationsCommandInput) {
      if (events.length === 0) yield 'BackupVaultEvents must have at least one event.';
    },
    shownBy: [{ BackupVaultEvents: [] }],
  },
  {
    operations: ['PutBackupVaultAccessPolicy'],
    page: 'PutBackupVaultAccessPolicy - AWS Backup',
    says: 'An access policy of a vault is a policy document in JSON.',
    code: CODE,
    *mistakes({ Policy }: PutBackupVaultAccessPolicyCommandInput) {
      if (Policy !== undefined) yield* resourcePolicyMistakes(Policy);
    },
    shownBy: [{ Policy: '{' }, { Policy: '[]' }, { Policy: '{"Version":"2012-10-17"}' }],
  },
  {
    operations: TAGGING,
    page: 'TagResource - AWS Backup',
    says: 'A tag key has 1 to 128 characters and does not begin with aws:, a value 256 at most.',
    code: CODE,
    *mistakes(input: Tagging) {
      for (const [key, value] of tagsOf(input).flatMap(Object.entries)) {
        if (/^aws:/i.test(key)) yield `Invalid tag key: ${key}. The prefix aws: is reserved.`;
        if (key.length < 1 || key.length > 128 || value.length > 256) yield `Invalid tag: ${key}`;
      }
    },
    shownBy: [
      { Tags: { 'aws:team': 'x' } },
      { BackupVaultTags: { '': 'x' } },
      { BackupPlanTags: { team: 'x'.repeat(257) } },
      { BackupPlan: { Rules: [{ RecoveryPointTags: { 'aws:team': 'x' } }] } },
    ],
  },
  {
    operations: TAGGING,
    page: 'AWS Backup quotas - AWS Backup',
    says: 'A resource has 50 tags at most.',
    code: 'LimitExceededException',
    *mistakes(input: Tagging) {
      if (tagsOf(input).some((tags) => Object.keys(tags).length > 50))
        yield 'A resource can have 50 tags at most.';
    },
    shownBy: [{ Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) }],
  },
];
