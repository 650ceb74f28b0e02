import type { GetRoleCommandInput, GetRoleCommandOutput } from '@aws-sdk/client-iam';
import { accessKeyOperations } from '../iam/access-keys.ts';
import { findRole, roleOperations } from '../iam/role-operations.ts';
import { userOperations } from '../iam/user-operations.ts';
import type { Call, Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { seedAccessKey } from '../iam/access-keys.ts';
export { iamOf, putManagedPolicy, putRole, type Role } from '../iam/state.ts';
export { type KeyDelays, keyDelays, seedUser, type User, type UserSeed, usersOf } from '../iam/users.ts';

/** IAM is global: one store per account, whatever region signs. */
export const iam: Service = {
  name: 'iam',
  sdk: '@aws-sdk/client-iam',
  operations: { GetRole: getRole, ...roleOperations, ...userOperations, ...accessKeyOperations },
};

function getRole({ RoleName = '' }: GetRoleCommandInput, call: Call): Output<GetRoleCommandOutput> {
  const role = findRole(call, RoleName);
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
