import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  BackupPlanInput,
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
  const { world, account, region } = call;
  refuseSameDocument(input.BackupPlan, call);
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

/** A name may come twice, what a plan says may not. */
function refuseSameDocument(content: BackupPlanInput | undefined, { world, account, region }: Call): void {
  const { BackupPlanName: name, Rules: rules } = content ?? {};
  const { plans } = backupOf(world, account, region);
  if (Object.values(plans).some((plan) => isDeepStrictEqual([plan.name, plan.rules], [name, rules])))
    throw new AwsError('AlreadyExistsException', 'Backup plan with the same plan document already exists');
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
  const { BackupPlanName: name = '', Rules: rules = [] } = content ?? {};
  const { vaults } = backupOf(call.world, call.account, call.region);
  for (const { TargetBackupVaultName: vault = '' } of rules)
    if (!vaults[vault]) throw invalid(`Backup vault ${vault} does not exist in ${call.region}`);
  return { name, rules, version: randomUUID() };
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
  const { CreationDate: _, ...deleted } = told(plan);
  return { ...deleted, DeletionDate: call.world.clock.date() };
}

function getBackupPlan(input: GetBackupPlanCommandInput, call: Call): Output<GetBackupPlanCommandOutput> {
  const plan = findPlan(call, input.BackupPlanId);
  return {
    ...told(plan),
    BackupPlan: { BackupPlanName: plan.name, Rules: plan.rules.map((rule) => ({ ...rule })) },
  };
}

function listBackupPlans(
  _: ListBackupPlansCommandInput,
  { world, account, region }: Call,
): Output<ListBackupPlansCommandOutput> {
  const plans = Object.values(backupOf(world, account, region).plans);
  return { BackupPlansList: plans.map((plan) => ({ ...told(plan), BackupPlanName: plan.name })) };
}
