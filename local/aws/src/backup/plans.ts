import { randomUUID } from 'node:crypto';
import type {
  BackupPlanInput,
  BackupRuleInput,
  CreateBackupPlanCommandInput,
  CreateBackupPlanCommandOutput,
  DeleteBackupPlanCommandInput,
  DeleteBackupPlanCommandOutput,
  GetBackupPlanCommandInput,
  GetBackupPlanCommandOutput,
  ListBackupPlansCommandInput,
  ListBackupPlansCommandOutput,
  UpdateBackupPlanCommandInput,
  UpdateBackupPlanCommandOutput,
} from '@aws-sdk/client-backup';
import { onlyKnows } from '../ec2/asked.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { type BackupPlan, backupOf } from './state.ts';

export const planOperations: Readonly<Record<string, Handler>> = {
  CreateBackupPlan: createBackupPlan,
  UpdateBackupPlan: updateBackupPlan,
  DeleteBackupPlan: deleteBackupPlan,
  GetBackupPlan: getBackupPlan,
  ListBackupPlans: listBackupPlans,
};

const invalid = (says: string) => new AwsError('InvalidParameterValueException', says);

function createBackupPlan(
  input: CreateBackupPlanCommandInput,
  call: Call,
): Output<CreateBackupPlanCommandOutput> {
  onlyKnows('CreateBackupPlan', input, ['BackupPlan', 'BackupPlanTags', 'CreatorRequestId']);
  const { world, account, region } = call;
  const id = randomUUID();
  const plan: BackupPlan = {
    ...contentOf(input.BackupPlan, call),
    id,
    arn: `arn:aws:backup:${region}:${account}:backup-plan:${id}`,
    createdAt: world.clock.now(),
    tags: { ...input.BackupPlanTags },
    selections: {},
  };
  backupOf(world, account, region).plans[id] = plan;
  world.touched();
  return told(plan);
}

function updateBackupPlan(
  { BackupPlanId, BackupPlan: content }: UpdateBackupPlanCommandInput,
  call: Call,
): Output<UpdateBackupPlanCommandOutput> {
  const plan = findPlan(call, BackupPlanId);
  Object.assign(plan, contentOf(content, call));
  call.world.touched();
  return told(plan);
}

const told = ({ id, arn, version, createdAt }: BackupPlan) => ({
  BackupPlanId: id,
  BackupPlanArn: arn,
  VersionId: version,
  CreationDate: new Date(createdAt),
});

/** What a plan says, if AWS Backup takes it. */
function contentOf(
  content: BackupPlanInput | undefined,
  call: Call,
): Pick<BackupPlan, 'name' | 'rules' | 'version'> {
  const { BackupPlanName: name = '', Rules: rules = [], ...others } = content ?? {};
  onlyKnows('a backup plan', others, []);
  if (!/^[a-zA-Z0-9_.-]{1,50}$/.test(name)) throw invalid(`Invalid backup plan name: ${name}`);
  if (rules.length === 0) throw invalid('A backup plan needs at least one rule.');
  for (const rule of rules) checkRule(rule, call);
  return { name, rules, version: randomUUID() };
}

function checkRule(rule: BackupRuleInput, { world, account, region }: Call): void {
  onlyKnows('a rule of a backup plan', rule, [
    'RuleName',
    'TargetBackupVaultName',
    'ScheduleExpression',
    'StartWindowMinutes',
    'CompletionWindowMinutes',
    'Lifecycle',
    'CopyActions',
    'RecoveryPointTags',
  ]);
  const {
    RuleName,
    TargetBackupVaultName: vault = '',
    ScheduleExpression: schedule,
    CopyActions = [],
  } = rule;
  if (!/^[a-zA-Z0-9_.-]{1,50}$/.test(RuleName ?? '')) throw invalid(`Invalid rule name: ${RuleName}`);
  if (!backupOf(world, account, region).vaults[vault])
    throw invalid(`Backup vault ${vault} does not exist in ${region}`);
  if (schedule !== undefined && !/^cron\((\S+ ){5}\S+\)$|^rate\(\d+ \w+\)$/.test(schedule))
    throw invalid(`Invalid schedule expression: ${schedule}`);
  const start = rule.StartWindowMinutes ?? 480;
  if (start < 60 || (rule.CompletionWindowMinutes ?? Number.POSITIVE_INFINITY) < start + 60)
    throw invalid('A backup has an hour to start, and an hour more to complete, at the least.');
  for (const { Lifecycle } of [rule, ...CopyActions])
    if (
      Lifecycle?.DeleteAfterDays !== undefined &&
      Lifecycle.MoveToColdStorageAfterDays !== undefined &&
      Lifecycle.DeleteAfterDays < Lifecycle.MoveToColdStorageAfterDays + 90
    )
      throw invalid('DeleteAfterDays cannot be less than 90 days from MoveToColdStorageAfterDays');
  for (const { DestinationBackupVaultArn: to = '' } of CopyActions)
    if (!/^arn:[\w-]+:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/.test(to))
      throw invalid(`Invalid destination backup vault: ${to}`);
}

export function findPlan({ world, account, region }: Call, id = ''): BackupPlan {
  const found = backupOf(world, account, region).plans[id];
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Cannot find Backup plan with ID ${id}`);
}

function deleteBackupPlan(
  { BackupPlanId }: DeleteBackupPlanCommandInput,
  call: Call,
): Output<DeleteBackupPlanCommandOutput> {
  const plan = findPlan(call, BackupPlanId);
  if (Object.keys(plan.selections).length > 0)
    throw new AwsError(
      'InvalidRequestException',
      'Related backup plan selections must be deleted prior to backup plan deletion',
    );
  delete backupOf(call.world, call.account, call.region).plans[plan.id];
  call.world.touched();
  return { ...told(plan), DeletionDate: call.world.clock.date() };
}

function getBackupPlan(input: GetBackupPlanCommandInput, call: Call): Output<GetBackupPlanCommandOutput> {
  onlyKnows('GetBackupPlan', input, ['BackupPlanId']);
  const plan = findPlan(call, input.BackupPlanId);
  return {
    ...told(plan),
    BackupPlan: { BackupPlanName: plan.name, Rules: plan.rules.map((rule) => ({ ...rule })) },
  };
}

function listBackupPlans(
  input: ListBackupPlansCommandInput,
  { world, account, region }: Call,
): Output<ListBackupPlansCommandOutput> {
  onlyKnows('ListBackupPlans', input, []);
  const plans = Object.values(backupOf(world, account, region).plans);
  return { BackupPlansList: plans.map((plan) => ({ ...told(plan), BackupPlanName: plan.name })) };
}
