import type {
  BackupPlanInput,
  BackupRuleInput,
  CreateBackupSelectionCommandInput,
  Lifecycle,
  StartBackupJobCommandInput,
} from '@aws-sdk/client-backup';
import type { Rule } from '../../rules/rule.ts';
import { isSchedule } from './schedule.ts';

const PLAN = 'BackupPlanInput - AWS Backup';
const RULE = 'BackupRuleInput - AWS Backup';
const SELECTION = 'BackupSelection - AWS Backup';
const LIFECYCLE = 'Lifecycle - AWS Backup';
const JOB = 'StartBackupJob - AWS Backup';
const CODE = 'InvalidParameterValueException';
const PLANS = ['CreateBackupPlan', 'UpdateBackupPlan'];

const COLD = 90; // days that a backup stays in cold storage at least
const HOUR = 60; // minutes
const START = 480; // minutes that a backup has to start, unless a rule says otherwise

const SOUND: BackupRuleInput = { RuleName: 'daily', TargetBackupVaultName: 'acme' };
const plan = (rule: object, name = 'acme') => ({
  BackupPlan: { BackupPlanName: name, Rules: [{ ...SOUND, ...rule }] },
});
const selecting = (what: object) => ({
  BackupSelection: { SelectionName: 'all', IamRoleArn: 'arn:aws:iam::000011112222:role/backup', ...what },
});

interface Planned {
  readonly BackupPlan?: BackupPlanInput | undefined;
}

const rulesOf = ({ BackupPlan }: Planned) => BackupPlan?.Rules ?? [];

/** Plans, what they select, and jobs. */
export const planRules: readonly Rule[] = [
  {
    operations: PLANS,
    page: PLAN,
    says: 'A plan name has 1 to 50 letters, digits, hyphens, underscores and periods.',
    code: CODE,
    *mistakes({ BackupPlan }: Planned) {
      const name = BackupPlan?.BackupPlanName ?? '';
      if (!/^[a-zA-Z0-9_.-]{1,50}$/.test(name)) yield `Invalid backup plan name: ${name}`;
    },
    shownBy: [plan({}, 'all backups'), plan({}, 'x'.repeat(51)), plan({}, '')],
  },
  {
    operations: PLANS,
    page: PLAN,
    says: 'A plan has rules, each of a name of its own.',
    code: CODE,
    *mistakes(input: Planned) {
      const names = rulesOf(input).map(({ RuleName = '' }) => RuleName);
      if (names.length === 0) yield 'A backup plan needs at least one rule.';
      if (new Set(names).size < names.length) yield 'Rule names must be unique within a backup plan.';
    },
    shownBy: [
      { BackupPlan: { BackupPlanName: 'acme', Rules: [] } },
      { BackupPlan: { BackupPlanName: 'acme', Rules: [SOUND, SOUND] } },
    ],
  },
  {
    operations: PLANS,
    page: RULE,
    says: 'A schedule is a CRON expression, with a question mark for one of its two days, in a time zone that there is.',
    code: CODE,
    *mistakes(input: Planned) {
      for (const { ScheduleExpression: schedule, ScheduleExpressionTimezone: zone } of rulesOf(input)) {
        if (schedule !== undefined && !isSchedule(schedule)) yield `Invalid schedule expression: ${schedule}`;
        if (zone !== undefined && !isTimeZone(zone)) yield `Invalid time zone: ${zone}`;
      }
    },
    shownBy: [
      plan({ ScheduleExpression: 'daily' }),
      plan({ ScheduleExpression: 'cron(0 5 * *)' }),
      plan({ ScheduleExpression: 'cron(0 5 * * * *)' }),
      plan({ ScheduleExpression: 'cron(0 25 * * ? *)' }),
      plan({ ScheduleExpression: 'cron(0 5 ? 13 * *)' }),
      plan({ ScheduleExpressionTimezone: 'Europe/Nowhere' }),
      plan({ ScheduleExpressionTimezone: '+02:00' }),
    ],
  },
  {
    operations: PLANS,
    page: RULE,
    says: 'A continuous backup is kept for 35 days at most, and never in cold storage.',
    code: CODE,
    *mistakes(input: Planned) {
      for (const { EnableContinuousBackup, Lifecycle: of } of rulesOf(input)) {
        if (!EnableContinuousBackup) continue;
        if ((of?.DeleteAfterDays ?? 1) > 35 || of?.MoveToColdStorageAfterDays !== undefined)
          yield 'Lifecycle of a continuous backup must be between 1 and 35 days, without cold storage.';
      }
    },
    shownBy: [
      plan({ EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 36 } }),
      plan({ EnableContinuousBackup: true, Lifecycle: { MoveToColdStorageAfterDays: 1 } }),
    ],
  },
  {
    operations: PLANS,
    page: RULE,
    says: 'A backup has an hour to start and an hour more to complete, at least.',
    code: CODE,
    *mistakes(input: Planned) {
      for (const { StartWindowMinutes, CompletionWindowMinutes } of rulesOf(input))
        yield* windowMistakes(StartWindowMinutes, CompletionWindowMinutes);
    },
    shownBy: [
      plan({ StartWindowMinutes: 30 }),
      plan({ StartWindowMinutes: 60, CompletionWindowMinutes: 90 }),
    ],
  },
  {
    operations: PLANS,
    page: LIFECYCLE,
    says: `What is moved to cold storage stays there for ${COLD} days.`,
    code: CODE,
    *mistakes(input: Planned) {
      for (const { Lifecycle: own, CopyActions = [] } of rulesOf(input))
        for (const lifecycle of [own, ...CopyActions.map(({ Lifecycle: of }) => of)])
          yield* lifecycleMistakes(lifecycle);
    },
    shownBy: [
      plan({ Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 119 } }),
      plan({ Lifecycle: { DeleteAfterDays: 0 } }),
      plan({ Lifecycle: { DeleteAfterEvent: 'DELETE_AFTER_COPY' } }),
      plan({ CopyActions: [{ Lifecycle: { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 1 } }] }),
    ],
  },
  {
    operations: PLANS,
    page: 'CopyAction - AWS Backup',
    says: 'A copy goes to a vault by its ARN.',
    code: CODE,
    *mistakes(input: Planned) {
      for (const { DestinationBackupVaultArn: to = '' } of rulesOf(input).flatMap(
        ({ CopyActions = [] }) => CopyActions,
      ))
        if (!/^arn:[\w-]+:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/.test(to))
          yield `Invalid destination backup vault: ${to}`;
    },
    shownBy: [plan({ CopyActions: [{ DestinationBackupVaultArn: 'acme-copies' }] })],
  },
  {
    operations: ['StartBackupJob'],
    page: JOB,
    says: 'A job has an hour to start and an hour more to complete, at least.',
    code: CODE,
    *mistakes({ StartWindowMinutes, CompleteWindowMinutes }: StartBackupJobCommandInput) {
      yield* windowMistakes(StartWindowMinutes, CompleteWindowMinutes);
    },
    shownBy: [{ StartWindowMinutes: 59 }, { CompleteWindowMinutes: 480 }],
  },
  {
    operations: ['StartBackupJob'],
    page: LIFECYCLE,
    says: `What a job moves to cold storage stays there for ${COLD} days.`,
    code: CODE,
    *mistakes({ Lifecycle: own }: StartBackupJobCommandInput) {
      yield* lifecycleMistakes(own);
    },
    shownBy: [
      { Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 119 } },
      { Lifecycle: { DeleteAfterEvent: 'DELETE_AFTER_COPY' } },
    ],
  },
  {
    operations: ['CreateBackupSelection'],
    page: SELECTION,
    says: 'A selection selects something: resources, tags or conditions.',
    code: CODE,
    *mistakes({ BackupSelection }: CreateBackupSelectionCommandInput) {
      const { Resources, NotResources, ListOfTags, Conditions } = BackupSelection ?? {};
      const lists = [Resources, NotResources, ListOfTags, Conditions];
      if (lists.every((list) => list === undefined || Object.keys(list).length === 0))
        yield 'A selection needs resources, tags or conditions.';
    },
    shownBy: [selecting({}), selecting({ Resources: [] })],
  },
  {
    operations: ['CreateBackupSelection'],
    page: SELECTION,
    says: 'A selection names 500 ARNs at most, 30 of them with wildcards, which stand at the end.',
    code: CODE,
    *mistakes({ BackupSelection }: CreateBackupSelectionCommandInput) {
      for (const arns of [BackupSelection?.Resources ?? [], BackupSelection?.NotResources ?? []]) {
        for (const arn of arns) if (arn !== '*' && !arn.startsWith('arn:')) yield `Invalid ARN: ${arn}`;
        if (arns.length > 500) yield 'The maximum number of ARNs is 500.';
        if (arns.filter((arn) => arn.includes('*')).length > 30)
          yield 'The maximum number of ARNs with wildcards is 30.';
      }
    },
    shownBy: [
      selecting({ Resources: ['acme-vault'] }),
      selecting({ Resources: Array.from({ length: 501 }, (_, i) => `arn:aws:s3:::bucket-${i}`) }),
      selecting({ NotResources: Array.from({ length: 31 }, (_, i) => `arn:aws:s3:::bucket-${i}*`) }),
    ],
  },
];

/** By its own name or an older one, as `Asia/Kolkata` and `Asia/Calcutta`. An offset such as `+02:00` is no zone. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function* windowMistakes(start = START, end: number | undefined): Iterable<string> {
  if (start < HOUR) yield `Invalid start window: ${start}. It must be at least ${HOUR} minutes.`;
  if (end !== undefined && end < start + HOUR)
    yield `Invalid completion window: ${end}. It must be at least ${HOUR} minutes more than the start window.`;
}

function* lifecycleMistakes(lifecycle: Lifecycle | undefined): Iterable<string> {
  const { DeleteAfterDays: end, MoveToColdStorageAfterDays: cold, DeleteAfterEvent: event } = lifecycle ?? {};
  if (event !== undefined) yield `DeleteAfterEvent is not valid as an input: ${event}`;
  if (end !== undefined && cold !== undefined && end < cold + COLD)
    yield `DeleteAfterDays cannot be less than ${COLD} days from MoveToColdStorageAfterDays`;
  for (const days of [end, cold])
    if (days !== undefined && days < 1) yield `A lifecycle counts in days, from 1: ${days}`;
}
