import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment } from '../environment.ts';
import type { RenderedRole } from '../environment-roles.ts';
import { boundaryOf, rolesIn } from './job-roles.ts';
import { kept, type Template } from './template.ts';

/** Roles that a workflow could use to give itself every right, if it could change them. The account's administrator makes them. */
export function isMadeByHand({ kind }: RenderedRole): boolean {
  return ['provision-plan', 'provision', 'verify', 'observe', 'cloudformation', 'break-glass'].includes(kind);
}

/** What provisions an environment, and bounds what is provisioned. */
export function provisioningTemplate(
  { id }: TenantContract,
  name: string,
  { roles, boundary }: Pick<RenderedEnvironment, 'roles' | 'boundary'>,
): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What provisions ${id} ${name} and bounds it. No workflow changes it`,
    Resources: { Boundary: kept(boundaryOf(boundary)), ...rolesIn(roles.filter(isMadeByHand)) },
  };
}
