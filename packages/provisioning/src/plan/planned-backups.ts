import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { backupName, backupRoleArn } from '../backup-names.ts';
import { environmentOf } from '../values.ts';
import type { PlannedBackup, PlannedStack } from './plan.ts';

/**
 * Of what our templates make, the kinds that AWS Backup can copy, with their ARN by their id. It copies no image of ECR, secret,
 * key, log group, address or network ("Feature availability by resource").
 */
const COPIED: Readonly<
  Record<string, { readonly kind: string; arn(partition: string, id: string): string }>
> = {
  'AWS::S3::Bucket': { kind: 'S3', arn: (partition, id) => `arn:${partition}:s3:::${id}` },
};

/** What a withdrawal leaves in the account and AWS Backup can copy. Nothing where the contract agrees on no backups. */
export function plannedBackups(
  contract: TenantContract,
  name: string,
  stacks: readonly Pick<PlannedStack, 'changes'>[],
): readonly PlannedBackup[] {
  const { recovery } = environmentOf(contract, name);
  if (recovery === undefined) return [];
  const { partition } = contract;
  return stacks
    .flatMap(({ changes }) => changes)
    .flatMap(({ action, type, id }) => {
      const copied = COPIED[type];
      if (copied === undefined || action !== 'keep' || id === null) return [];
      return [
        {
          resource: copied.arn(partition, id),
          kind: copied.kind,
          vault: backupName(contract, name),
          role: backupRoleArn(contract, name),
          days: recovery.backup.days,
        },
      ];
    });
}
