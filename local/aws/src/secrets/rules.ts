import type {
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  ListSecretsCommandInput,
  RotateSecretCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { Rule } from '../rules/rule.ts';

export const secretRules: readonly Rule[] = [
  {
    operations: ['CreateSecret'],
    page: 'CreateSecret - AWS Secrets Manager',
    says: 'A name has letters, digits and /_+=.@-.',
    code: 'ValidationException',
    *mistakes({ Name = '' }: CreateSecretCommandInput) {
      if (!/^[\w/+=.@!-]{1,512}$/.test(Name))
        yield 'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
    },
    shownBy: [{ Name: 'td/prod/with space' }, { Name: 'orders#1' }],
  },
  {
    operations: ['CreateSecret', 'PutSecretValue'],
    page: 'PutSecretValue - AWS Secrets Manager',
    says: 'A value is a text or bytes, not both.',
    code: 'InvalidParameterException',
    *mistakes({ SecretString, SecretBinary }: CreateSecretCommandInput) {
      if (SecretString !== undefined && SecretBinary !== undefined)
        yield "You can't specify both a binary secret value and a string secret value in the same secret.";
    },
    shownBy: [{ SecretString: 'x', SecretBinary: new Uint8Array([1]) }],
  },
  {
    operations: ['CreateSecret', 'TagResource'],
    page: 'Tagging secrets in AWS Secrets Manager - AWS Secrets Manager',
    says: 'No tag key is given twice, and none begins with aws:.',
    code: 'InvalidParameterException',
    *mistakes({ Tags = [] }: TagResourceCommandInput) {
      const keys = Tags.map(({ Key = '' }) => Key);
      if (new Set(keys).size < keys.length) yield 'Duplicate tag keys are not allowed.';
      if (keys.some((key) => /^aws:/i.test(key))) yield "Tag keys can't begin with aws:, which is reserved.";
    },
    shownBy: [
      { Tags: [{ Key: 'aws:cloudformation:stack-id', Value: '' }] },
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    ],
  },
  {
    operations: ['CreateSecret'],
    page: 'AWS Secrets Manager quotas - AWS Secrets Manager',
    says: 'A secret has 50 tags at most.',
    code: 'LimitExceededException',
    *mistakes({ Tags = [] }: TagResourceCommandInput) {
      if (Tags.length > 50) yield 'The number of tags exceeds the limit of 50.';
    },
    shownBy: [{ Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }],
  },
  {
    operations: ['CreateSecret', 'ReplicateSecretToRegions'],
    page: 'Replicate AWS Secrets Manager secrets across Regions - AWS Secrets Manager',
    says: 'A secret is replicated to other regions than its own, once to each.',
    code: 'InvalidParameterException',
    *mistakes({ AddReplicaRegions = [] }: CreateSecretCommandInput, call) {
      const regions = AddReplicaRegions.map(({ Region = '' }) => Region);
      const wrong = regions.find(
        (region) => region === call.region || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region),
      );
      if (wrong !== undefined) yield `Invalid replica region: ${wrong}.`;
      if (new Set(regions).size < regions.length) yield 'Replica regions must be unique.';
    },
    shownBy: [
      { AddReplicaRegions: [{ Region: 'eu-west-1' }] },
      { AddReplicaRegions: [{ Region: 'Ireland' }] },
      { AddReplicaRegions: [{ Region: 'eu-west-2' }, { Region: 'eu-west-2' }] },
    ],
  },
  {
    operations: ['ListSecrets'],
    page: 'Filter - AWS Secrets Manager',
    says: 'A filter has a key and values.',
    code: 'InvalidParameterException',
    *mistakes({ Filters = [] }: ListSecretsCommandInput) {
      for (const { Key, Values = [] } of Filters)
        if (Key === undefined || Values.length === 0)
          yield 'A filter must have a key and at least one value.';
    },
    shownBy: [{ Filters: [{ Key: 'name' }] }, { Filters: [{ Values: ['x'] }] }],
  },
  {
    operations: ['DeleteSecret'],
    page: 'DeleteSecret - AWS Secrets Manager',
    says: 'A window of 7 to 30 days, or none by force.',
    code: 'InvalidParameterException',
    *mistakes({ RecoveryWindowInDays: days, ForceDeleteWithoutRecovery = false }: DeleteSecretCommandInput) {
      if (days === undefined) return;
      if (ForceDeleteWithoutRecovery)
        yield "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
      if (days < 7 || days > 30)
        yield 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).';
    },
    shownBy: [
      { RecoveryWindowInDays: 6 },
      { RecoveryWindowInDays: 31 },
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    ],
  },
  {
    operations: ['RotateSecret'],
    page: 'Rotation schedules - AWS Secrets Manager',
    says: 'A rotation is due after days or by a schedule, not both; a schedule is rate() or cron(), on the hour, with a window of hours.',
    code: 'InvalidParameterException',
    *mistakes({ RotationRules = {} }: RotateSecretCommandInput) {
      const { AutomaticallyAfterDays, ScheduleExpression, Duration } = RotationRules;
      if (AutomaticallyAfterDays !== undefined && ScheduleExpression !== undefined)
        yield "You can't specify both AutomaticallyAfterDays and ScheduleExpression.";
      if (ScheduleExpression !== undefined && !isSchedule(ScheduleExpression))
        yield `The schedule expression ${ScheduleExpression} is invalid.`;
      if (Duration !== undefined && !(Number(/^(\d+)h$/.exec(Duration)?.[1] ?? 25) <= 24))
        yield `The window ${Duration} is invalid.`;
    },
    shownBy: [
      { RotationRules: { AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' } },
      { RotationRules: { ScheduleExpression: 'every 30 days' } },
      { RotationRules: { ScheduleExpression: 'rate(1 hour)' } },
      { RotationRules: { ScheduleExpression: 'cron(5 8 1 * ? *)' } },
      { RotationRules: { ScheduleExpression: 'rate(10 days)', Duration: '25h' } },
    ],
  },
];

/** At most every four hours, and at least once in 999 days. */
function isSchedule(text: string): boolean {
  const [, count = '', unit = ''] = /^rate\((\d+) (hours?|days?)\)$/.exec(text) ?? [];
  if (count !== '') {
    const hours = Number(count) * (unit.startsWith('day') ? 24 : 1);
    return hours >= 4 && hours <= 999 * 24;
  }
  return /^cron\(0 \S+ (\? \S+ [^?]\S*|[^?]\S* \S+ \?) \S+\)$/.test(text);
}
