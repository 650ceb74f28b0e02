import type { TenantContract } from '@tenant-delivery/tenancy/contract';

/** The name of both backup vaults, at home and in the other region, and of the topic beside each. */
export const backupName = ({ id }: TenantContract, name: string) => `td-${id}-${name}`;

/** The role with which AWS Backup reads and restores. It may more than the boundary allows, so the administrator makes it. */
export function backupRoleName({ id }: TenantContract, name: string): string {
  return `td-${id}-${name}-backup`;
}

export function backupRoleArn(contract: TenantContract, name: string): string {
  const { partition, account } = contract;
  return `arn:${partition}:iam::${account}:role/td/${name}/${backupRoleName(contract, name)}`;
}
