import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment, RenderedRole } from '../environment.ts';
import { rolesIn } from './job-roles.ts';
import type { Template } from './template.ts';

/** Roles that provision. A workflow that could change them could give itself every right, so the account's administrator makes them. */
export function isProvisioningRole({ kind }: RenderedRole): boolean {
  return kind === 'provision-plan' || kind === 'provision';
}

/** What provisions an environment, and bounds what is provisioned. */
export function provisioningTemplate(
  { id }: TenantContract,
  name: string,
  { roles }: Pick<RenderedEnvironment, 'roles'>,
): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The roles that provision ${id} ${name}: no workflow changes them`,
    Resources: rolesIn(roles.filter(isProvisioningRole)),
  };
}
