import type {
  DeleteRolePolicyCommandInput,
  GetRolePolicyCommandInput,
  GetRolePolicyCommandOutput,
  ListRolePoliciesCommandInput,
  ListRolePoliciesCommandOutput,
  ListRoleTagsCommandInput,
  ListRoleTagsCommandOutput,
  PutRolePolicyCommandInput,
  TagRoleCommandInput,
  UntagRoleCommandInput,
  UpdateAssumeRolePolicyCommandInput,
  UpdateRoleCommandInput,
} from '@aws-sdk/client-iam';
import { exceeded } from '../policy/quotas.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { page } from './page.ts';
import { documentOf, merged, policyNamed, tagList } from './policies.ts';
import { iamOf, type Role } from './state.ts';

/** Edits of a role that exists. */
export const roleOperations: Readonly<Record<string, Handler>> = {
  PutRolePolicy: (
    { RoleName = '', PolicyName = '', PolicyDocument = '' }: PutRolePolicyCommandInput,
    call,
  ) => {
    const role = findRole(call, RoleName);
    const policies = { ...role.policies, [PolicyName]: documentOf(PolicyDocument) };
    const over = exceeded('inline policies of role', Object.values(policies));
    if (over)
      throw new AwsError(
        'LimitExceededException',
        `Maximum policy size of ${over.most} bytes exceeded for role ${RoleName}`,
        409,
      );
    return edit(call, role, { policies });
  },
  GetRolePolicy: (
    { RoleName = '', PolicyName = '' }: GetRolePolicyCommandInput,
    call,
  ): Output<GetRolePolicyCommandOutput> => ({
    RoleName,
    PolicyName,
    PolicyDocument: encodeURIComponent(
      JSON.stringify(policyNamed('role', findRole(call, RoleName).policies, PolicyName)),
    ),
  }),
  ListRolePolicies: (
    { RoleName = '', ...asked }: ListRolePoliciesCommandInput,
    call,
  ): Output<ListRolePoliciesCommandOutput> => {
    const { items, rest } = page(Object.keys(findRole(call, RoleName).policies), asked);
    return { PolicyNames: items, ...rest };
  },
  DeleteRolePolicy: ({ RoleName = '', PolicyName = '' }: DeleteRolePolicyCommandInput, call) => {
    const role = findRole(call, RoleName);
    policyNamed('role', role.policies, PolicyName);
    const { [PolicyName]: _gone, ...policies } = role.policies;
    return edit(call, role, { policies });
  },
  UpdateAssumeRolePolicy: (
    { RoleName = '', PolicyDocument = '' }: UpdateAssumeRolePolicyCommandInput,
    call,
  ) => {
    const role = findRole(call, RoleName);
    const trust = documentOf(PolicyDocument);
    const over = exceeded('trust policy of role', [trust]);
    if (over)
      throw new AwsError(
        'LimitExceededException',
        `Cannot exceed quota for ACLSizePerRole: ${over.most}`,
        409,
      );
    return edit(call, role, { trust });
  },
  UpdateRole: ({ RoleName = '', Description, MaxSessionDuration }: UpdateRoleCommandInput, call) => {
    const role = findRole(call, RoleName);
    if (MaxSessionDuration !== undefined && (MaxSessionDuration < 3_600 || MaxSessionDuration > 43_200))
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${MaxSessionDuration}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
      );
    return edit(call, role, {
      ...(Description === undefined ? {} : { description: Description }),
      ...(MaxSessionDuration === undefined ? {} : { maxSessionDuration: MaxSessionDuration }),
    });
  },
  TagRole: ({ RoleName = '', Tags = [] }: TagRoleCommandInput, call) => {
    const role = findRole(call, RoleName);
    return edit(call, role, { tags: merged(role.tags, Tags) });
  },
  UntagRole: ({ RoleName = '', TagKeys = [] }: UntagRoleCommandInput, call) => {
    const role = findRole(call, RoleName);
    const tags = Object.fromEntries(Object.entries(role.tags).filter(([key]) => !TagKeys.includes(key)));
    return edit(call, role, { tags });
  },
  ListRoleTags: (
    { RoleName = '', ...asked }: ListRoleTagsCommandInput,
    call,
  ): Output<ListRoleTagsCommandOutput> => {
    const { items, rest } = page(tagList(findRole(call, RoleName).tags), asked);
    return { Tags: items, ...rest };
  },
};

/** A role as GetRole tells of it. */
export function describedRole(role: Role) {
  return {
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
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
            PermissionsBoundaryArn: role.permissionsBoundary,
          },
        }),
    Tags: tagList(role.tags),
    RoleLastUsed: {},
  };
}

/** A role by its name, whatever its path. */
export function findRole({ world, account }: Call, name: string): Role {
  const role = iamOf(world, account).roles[name];
  if (role) return role;
  throw new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`, 404);
}

function edit({ world, account }: Call, role: Role, change: Partial<Role>): object {
  iamOf(world, account).roles[role.name] = { ...role, ...change };
  world.touched();
  return {};
}
