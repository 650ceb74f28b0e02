import { keyOf } from '../../iam/key-life.ts';
import { iamOf } from '../../iam/state.ts';
import { usersOf } from '../../iam/users.ts';
import type { Context } from '../../policy/context.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfRole {
  readonly RoleName?: string;
}

interface OfUser {
  readonly UserName?: string;
}

type Tags = readonly { readonly Key: string | undefined; readonly Value: string | undefined }[];

const OF_ROLE = [
  'GetRole',
  'PutRolePolicy',
  'GetRolePolicy',
  'ListRolePolicies',
  'DeleteRolePolicy',
  'UpdateAssumeRolePolicy',
  'UpdateRole',
  'ListRoleTags',
  'ListAttachedRolePolicies',
] as const;

const OF_USER = [
  'GetUser',
  'ListUserTags',
  'PutUserPolicy',
  'GetUserPolicy',
  'ListUserPolicies',
  'DeleteUserPolicy',
  'CreateAccessKey',
  'ListAccessKeys',
  'UpdateAccessKey',
  'DeleteAccessKey',
] as const;

/** "Actions, resources, and condition keys for AWS Identity and Access Management". */
export const iamAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    OF_ROLE.map((name) => [
      name,
      ({ RoleName }: OfRole, call: Call) => [ofRole(`iam:${name}`, RoleName, call)],
    ]),
  ),
  ...Object.fromEntries(
    OF_USER.map((name) => [
      name,
      ({ UserName }: OfUser, call: Call) => [ofUser(`iam:${name}`, UserName, call)],
    ]),
  ),
  TagRole: ({ RoleName, Tags = [] }: OfRole & { readonly Tags?: Tags }, call) => [
    { ...ofRole('iam:TagRole', RoleName, call), requestTags: asTags(Tags) },
  ],
  UntagRole: ({ RoleName, TagKeys }: OfRole & { readonly TagKeys?: readonly string[] }, call) => [
    ofRole('iam:UntagRole', RoleName, call, { 'aws:TagKeys': TagKeys }),
  ],
  TagUser: ({ UserName, Tags = [] }: OfUser & { readonly Tags?: Tags }, call) => [
    { ...ofUser('iam:TagUser', UserName, call), requestTags: asTags(Tags) },
  ],
  UntagUser: ({ UserName, TagKeys }: OfUser & { readonly TagKeys?: readonly string[] }, call) => [
    ofUser('iam:UntagUser', UserName, call, { 'aws:TagKeys': TagKeys }),
  ],
  GetOpenIDConnectProvider: ({ OpenIDConnectProviderArn = '' }) => [
    { action: 'iam:GetOpenIDConnectProvider', resource: OpenIDConnectProviderArn, resourceTags: {} },
  ],
  ListOpenIDConnectProviders: () => [{ action: 'iam:ListOpenIDConnectProviders', resource: '*' }],
  GetAccountSummary: () => [{ action: 'iam:GetAccountSummary', resource: '*' }],
  ListRoles: () => [{ action: 'iam:ListRoles', resource: '*' }],
  GetPolicy: ({ PolicyArn = '' }) => [{ action: 'iam:GetPolicy', resource: PolicyArn, resourceTags: {} }],
  GetPolicyVersion: ({ PolicyArn = '' }) => [
    { action: 'iam:GetPolicyVersion', resource: PolicyArn, resourceTags: {} },
  ],
  // asked about the user whose key it is; whose key nobody has, about every user
  GetAccessKeyLastUsed: ({ AccessKeyId = '' }: { readonly AccessKeyId?: string }, call) => [
    ofUser('iam:GetAccessKeyLastUsed', keyOf(call.world, call.account, AccessKeyId)?.user.name ?? '*', call),
  ],
};

function ofRole(action: string, name = '', call: Call, context: Context = {}): Ask {
  const { world, account } = call;
  const role = iamOf(world, account).roles[name];
  return {
    action,
    resource: role?.arn ?? `arn:aws:iam::${account}:role/${name}`,
    context: {
      'iam:PermissionsBoundary': role?.permissionsBoundary,
      'iam:RoleTemplateARN': undefined,
      ...context,
    },
    resourceTags: role?.tags ?? {},
  };
}

/** The user that a request names, or the caller's own. */
function ofUser(action: string, name: string | undefined, call: Call, context: Context = {}): Ask {
  const { world, account, principal } = call;
  const own = /:user\/(.+)$/.exec(principal?.arn ?? '')?.[1];
  const user = usersOf(world, account)[name ?? own?.split('/').at(-1) ?? ''];
  return {
    action,
    resource: user?.arn ?? `arn:aws:iam::${account}:user/${name ?? own ?? '*'}`,
    context: { 'iam:PermissionsBoundary': undefined, 'iam:PolicyARN': undefined, ...context },
    resourceTags: user?.tags ?? {},
  };
}

function asTags(tags: Tags): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
