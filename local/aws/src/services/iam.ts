import type { GetRoleCommandInput, GetRoleCommandOutput } from '@aws-sdk/client-iam';
import { accessKeyOperations } from '../iam/access-keys.ts';
import { accountOperations } from '../iam/account-operations.ts';
import { managedPolicyOperations } from '../iam/managed-policies.ts';
import { describedRole, findRole, roleOperations } from '../iam/role-operations.ts';
import { iamRules } from '../iam/rules.ts';
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
  operations: {
    GetRole: getRole,
    ...roleOperations,
    ...managedPolicyOperations,
    ...userOperations,
    ...accessKeyOperations,
    ...accountOperations,
  },
  rules: iamRules,
};

function getRole({ RoleName = '' }: GetRoleCommandInput, call: Call): Output<GetRoleCommandOutput> {
  return { Role: describedRole(findRole(call, RoleName)) };
}
