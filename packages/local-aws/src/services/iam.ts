import type { GetRoleCommandInput, GetRoleCommandOutput } from '@aws-sdk/client-iam';
import { iamOf } from '../iam/state.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { iamOf, putRole, type Role } from '../iam/state.ts';

/** IAM is global: one store per account, whatever region signs. */
export const iam: Service = { name: 'iam', sdk: '@aws-sdk/client-iam', operations: { GetRole: getRole } };

function getRole(
  { RoleName = '' }: GetRoleCommandInput,
  { world, account }: Call,
): Output<GetRoleCommandOutput> {
  const role = iamOf(world, account).roles[RoleName];
  if (!role)
    throw new AwsError('NoSuchEntityException', `The role with name ${RoleName} cannot be found.`, 404);
  return {
    Role: {
      Path: role.path,
      RoleName: role.name,
      RoleId: role.id,
      Arn: role.arn,
      CreateDate: new Date(role.created),
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
      Description: role.description,
      MaxSessionDuration: role.maxSessionDuration,
      ...(role.permissionsBoundary === undefined
        ? {}
        : {
            PermissionsBoundary: {
              PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
              PermissionsBoundaryArn: role.permissionsBoundary,
            },
          }),
      Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
      RoleLastUsed: {},
    },
  };
}
