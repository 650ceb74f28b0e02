import { beforeAll, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { isSchedule } from '../src/backup/rules/schedule.ts';
import { seedRecoveryPoint } from '../src/backup/state.ts';
import type { Properties } from '../src/cloudformation/resource-type.ts';
import { putRole } from '../src/services/iam.ts';
import { type Account, emptyAccount, typeOf } from './a-network.ts';

beforeAll(readReference);

const ACCOUNT = '000011112222';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/td/prod/td-prod-backup`;

async function prepared(): Promise<Account> {
  const account = emptyAccount();
  putRole(account.world, ACCOUNT, {
    name: 'td-prod-backup',
    path: '/td/prod/',
    description: '',
    trust: { Version: '2012-10-17', Statement: [] },
    policies: {},
    tags: {},
    maxSessionDuration: 3_600,
    partition: 'aws',
  });
  await account.make('AWS::Backup::BackupVault', { BackupVaultName: 'td-acme-prod' });
  return account;
}

const plan = (days: number, more: object = {}) => ({
  BackupPlan: {
    BackupPlanName: 'td-acme-prod',
    BackupPlanRule: [
      {
        RuleName: 'daily',
        TargetBackupVault: 'td-acme-prod',
        ScheduleExpression: 'cron(0 3 * * ? *)',
        Lifecycle: { DeleteAfterDays: days },
        CopyActions: [
          {
            DestinationBackupVaultArn: `arn:aws:backup:eu-central-1:${ACCOUNT}:backup-vault:td-acme-prod`,
            Lifecycle: { DeleteAfterDays: days },
          },
        ],
        ...more,
      },
    ],
  },
});

const topicArn = `arn:aws:sns:eu-west-1:${ACCOUNT}:acme`;

const SAMPLES: readonly (readonly [type: string, first: Properties, after?: Properties])[] = [
  [
    'AWS::Backup::BackupVault',
    { BackupVaultName: 'copies', LockConfiguration: { MinRetentionDays: 7 }, BackupVaultTags: { a: '1' } },
    { BackupVaultName: 'copies', LockConfiguration: { MinRetentionDays: 30 }, BackupVaultTags: { b: '2' } },
  ],
  ['AWS::Backup::BackupPlan', plan(35), plan(365)],
  [
    'AWS::SNS::Topic',
    { TopicName: 'acme', DisplayName: 'Alarms' },
    { TopicName: 'acme', DisplayName: 'Other' },
  ],
];

it.each(SAMPLES)(
  '%s is made, changed and removed, and read as its template says',
  async (name, first, after) => {
    const { world, make, making } = await prepared();
    const type = typeOf(name);
    const { id, attributes } = await make(name, first);
    expect(Object.values(attributes)).not.toContain(undefined);
    expect(type.read(world, id, making(first))).toMatchObject(first);
    if (after) await type.update(world, id, making(after), first);
    expect(type.read(world, id, making(after ?? first))).toMatchObject(after ?? first);
    await type.remove(world, id, making(after ?? first));
    expect(type.read(world, id, making(first))).toBeUndefined();
  },
);

it('a plan stays while something is selected for it, and a vault while it has backups', async () => {
  const { world, make, making, perform } = await prepared();
  const { id } = await make('AWS::Backup::BackupPlan', plan(35));
  const what = {
    SelectionName: 'tagged',
    IamRoleArn: ROLE,
    ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'environment', ConditionValue: 'prod' }],
  };
  const properties = { BackupPlanId: id, BackupSelection: what };
  const selected = await make('AWS::Backup::BackupSelection', properties);
  const selection = typeOf('AWS::Backup::BackupSelection');
  expect(selection.read(world, selected.id, making(properties))).toEqual(properties);
  const remove = () => perform('backup', 'DeleteBackupPlan', { BackupPlanId: id });
  await expect(remove()).rejects.toMatchObject({ code: 'InvalidRequestException' });
  await selection.remove(world, selected.id, making(properties));
  await remove();
  const vault = { vault: 'td-acme-prod', resource: `arn:aws:rds:eu-west-1:${ACCOUNT}:db:orders` };
  seedRecoveryPoint(world, ACCOUNT, 'eu-west-1', vault);
  await expect(
    perform('backup', 'DeleteBackupVault', { BackupVaultName: 'td-acme-prod' }),
  ).rejects.toMatchObject({ code: 'InvalidRequestException' });
});

it.each<readonly [string, string, Properties, string]>([
  [
    'a plan into a vault that is not there',
    'BackupPlan',
    plan(35, { TargetBackupVault: 'none' }),
    'none does not exist',
  ],
  ['a schedule that is none', 'BackupPlan', plan(35, { ScheduleExpression: 'daily' }), 'Invalid schedule'],
  [
    'backups that go before they are cold',
    'BackupPlan',
    plan(35, { Lifecycle: { DeleteAfterDays: 30, MoveToColdStorageAfterDays: 7 } }),
    'less than 90 days',
  ],
  [
    'a copy to nowhere',
    'BackupPlan',
    plan(35, { CopyActions: [{ DestinationBackupVaultArn: 'x' }] }),
    'Invalid destination',
  ],
  ['a vault of a name that is taken', 'BackupVault', { BackupVaultName: 'td-acme-prod' }, 'already exists'],
  [
    'a key that is not there',
    'BackupVault',
    { BackupVaultName: 'x1', EncryptionKeyArn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/none` },
    'does not exist',
  ],
])('AWS Backup refuses %s', async (_, type, properties, says) => {
  const { make } = await prepared();
  await expect(make(`AWS::Backup::${type}`, properties)).rejects.toThrow(says);
});

it('a topic has subscribers, of whom people confirm first, and a policy of its own until it goes', async () => {
  const { world, make, making, perform } = await prepared();
  await make('AWS::SNS::Topic', { TopicName: 'acme' });
  const email = { TopicArn: topicArn, Protocol: 'email', Endpoint: 'sre@example.com' };
  const subscribed = await make('AWS::SNS::Subscription', email);
  const queue = `arn:aws:sqs:eu-west-1:${ACCOUNT}:alarms`;
  await make('AWS::SNS::Subscription', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queue });
  expect(await perform('sns', 'ListSubscriptionsByTopic', { TopicArn: topicArn })).toMatchObject({
    Subscriptions: [
      { SubscriptionArn: 'PendingConfirmation' },
      { SubscriptionArn: expect.stringContaining(topicArn) },
    ],
  });
  await typeOf('AWS::SNS::Subscription').remove(world, subscribed.id, making(email));
  expect(
    JSON.stringify(await perform('sns', 'ListSubscriptionsByTopic', { TopicArn: topicArn })),
  ).not.toContain('sre');
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: topicArn }];
  const PolicyDocument = { Version: '2012-10-17', Statement };
  const policy = { Topics: [topicArn], PolicyDocument };
  const policed = await make('AWS::SNS::TopicPolicy', policy);
  const attributes = async () =>
    (await perform('sns', 'GetTopicAttributes', { TopicArn: topicArn }))['Attributes'];
  expect(await attributes()).toMatchObject({ Policy: JSON.stringify(PolicyDocument) });
  expect(typeOf('AWS::SNS::TopicPolicy').read(world, policed.id, making(policy))).toEqual(policy);
  await typeOf('AWS::SNS::TopicPolicy').remove(world, policed.id, making(policy));
  expect(JSON.stringify(await attributes())).toContain('__default_statement_ID');
});

it.each(['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'America/Argentina/Buenos_Aires', 'Etc/GMT', 'UTC'])(
  'a plan keeps the time of %s',
  async (zone) => {
    const account = await prepared();
    const made = account.make('AWS::Backup::BackupPlan', plan(35, { ScheduleExpressionTimezone: zone }));
    await expect(made).resolves.toBeDefined();
  },
);

it('a plan may have the name of another, not all of its document', async () => {
  const { perform } = await prepared();
  const create = (days: number) =>
    perform('backup', 'CreateBackupPlan', {
      BackupPlan: {
        BackupPlanName: 'daily',
        Rules: [
          { RuleName: 'r', TargetBackupVaultName: 'td-acme-prod', Lifecycle: { DeleteAfterDays: days } },
        ],
      },
    });
  await create(7);
  await expect(create(8)).resolves.toBeDefined();
  await expect(create(7)).rejects.toMatchObject({ code: 'AlreadyExistsException' });
});

it.each([
  ['cron(0 5 * * ? *)', true],
  ['cron(0/30 5,17 ? JAN-jun MON-FRI 2026-2030)', true],
  ['cron(0 5 L * ? *)', true],
  ['cron(0 5 ? * 6#3 *)', true],
  ['cron(61 5 * * ? *)', false],
  ['cron(0 5 32 * ? *)', false],
  ['cron(0 5 ? * FUN *)', false],
  ['cron(0 5 * * ?)', false],
  ['cron(0/0 5 * * ? *)', false],
  ['rate(1 day)', false],
])('whether %s is a schedule: %s', (expression, fits) => {
  expect(isSchedule(expression)).toBe(fits);
});
