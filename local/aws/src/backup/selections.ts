import { randomUUID } from 'node:crypto';
import type {
  BackupSelection,
  CreateBackupSelectionCommandInput,
  CreateBackupSelectionCommandOutput,
  DeleteBackupSelectionCommandInput,
  GetBackupSelectionCommandInput,
  GetBackupSelectionCommandOutput,
  ListBackupSelectionsCommandInput,
  ListBackupSelectionsCommandOutput,
} from '@aws-sdk/client-backup';
import { iamOf } from '../iam/state.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { findPlan } from './plans.ts';
import type { BackupPlan, Selection } from './state.ts';

export const selectionOperations: Readonly<Record<string, Handler>> = {
  CreateBackupSelection: createBackupSelection,
  DeleteBackupSelection: deleteBackupSelection,
  GetBackupSelection: getBackupSelection,
  ListBackupSelections: listBackupSelections,
};

const invalid = (says: string) => new AwsError('InvalidParameterValueException', says);

function createBackupSelection(
  { BackupPlanId, BackupSelection: content }: CreateBackupSelectionCommandInput,
  call: Call,
): Output<CreateBackupSelectionCommandOutput> {
  const plan = findPlan(call, BackupPlanId);
  const { SelectionName: name = '', IamRoleArn: role = '', ...rest } = content ?? {};
  const what: Partial<BackupSelection> = rest;
  if (!iamOf(call.world, call.account).roles[role.split('/').at(-1) ?? ''])
    throw invalid(`IAM Role ${role} cannot be assumed by AWS Backup`);
  const selection: Selection = {
    id: randomUUID(),
    content: { ...what, SelectionName: name, IamRoleArn: role },
    createdAt: call.world.clock.now(),
  };
  plan.selections[selection.id] = selection;
  call.world.touched();
  return told(plan, selection);
}

const told = (plan: BackupPlan, { id, createdAt }: Selection) => ({
  SelectionId: id,
  BackupPlanId: plan.id,
  CreationDate: new Date(createdAt),
});

function findSelection(plan: BackupPlan, id = ''): Selection {
  const found = plan.selections[id];
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Cannot find backup selection with ID ${id}`);
}

function deleteBackupSelection(input: DeleteBackupSelectionCommandInput, call: Call): object {
  const plan = findPlan(call, input.BackupPlanId);
  const { id } = findSelection(plan, input.SelectionId);
  delete plan.selections[id];
  call.world.touched();
  return {};
}

function getBackupSelection(
  input: GetBackupSelectionCommandInput,
  call: Call,
): Output<GetBackupSelectionCommandOutput> {
  const plan = findPlan(call, input.BackupPlanId);
  const selection = findSelection(plan, input.SelectionId);
  return { ...told(plan, selection), BackupSelection: selection.content };
}

function listBackupSelections(
  input: ListBackupSelectionsCommandInput,
  call: Call,
): Output<ListBackupSelectionsCommandOutput> {
  const plan = findPlan(call, input.BackupPlanId);
  return {
    BackupSelectionsList: Object.values(plan.selections).map((selection) => ({
      ...told(plan, selection),
      SelectionName: selection.content.SelectionName,
      IamRoleArn: selection.content.IamRoleArn,
    })),
  };
}
