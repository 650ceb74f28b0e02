import type { PlannedBackup } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { PlanWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';

/** Why AWS Backup would not take what a withdrawal backs up, a sentence each: better said now than after the approval. */
export async function judgeBackups(
  { backups }: Pick<PlanWorld, 'backups'>,
  admission: StacksAdmission,
  planned: readonly PlannedBackup[],
): Promise<readonly string[]> {
  if (planned.length === 0) return [];
  const { region } = admission.target;
  const vaults = [...new Set(planned.map(({ vault }) => vault))];
  const [there, on] = await Promise.all([
    Promise.all(vaults.map((vault) => backups.hasVault(vault))),
    backups.kinds(),
  ]);
  const missing = vaults.filter((_, at) => there[at] === false);
  const off = [...new Set(planned.map(({ kind }) => kind))].filter((kind) => !on.includes(kind));
  return [
    ...missing.map(
      (vault) =>
        `there is no backup vault ${vault} in ${region} to back up into: have the administrator make the stack ${stackNames(admission).backups}`,
    ),
    ...off.map(
      (kind) =>
        `AWS Backup is not turned on for ${kind} in ${region}: have the administrator run \`aws backup update-region-settings --region ${region} --resource-type-opt-in-preference ${kind}=true\``,
    ),
  ];
}
