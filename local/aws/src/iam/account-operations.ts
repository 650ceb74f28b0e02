import type {
  GetAccountSummaryCommandOutput,
  GetOpenIDConnectProviderCommandInput,
  GetOpenIDConnectProviderCommandOutput,
  ListOpenIDConnectProvidersCommandOutput,
  ListRolesCommandInput,
  ListRolesCommandOutput,
} from '@aws-sdk/client-iam';
import { POLICY_QUOTAS } from '../policy/quotas.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Handler } from '../world/service.ts';
import { page } from './page.ts';
import { describedRole } from './role-operations.ts';
import { iamOf, managedPoliciesOf } from './state.ts';
import { usersOf } from './users.ts';

const ROLES = 1_000; // "IAM and AWS STS quotas": of an account, unless it asked for more
const POLICIES = 1_500;

/** What IAM says of the account as a whole. */
export const accountOperations: Readonly<Record<string, Handler>> = {
  GetOpenIDConnectProvider: (
    { OpenIDConnectProviderArn = '' }: GetOpenIDConnectProviderCommandInput,
    { world, account },
  ): Output<GetOpenIDConnectProviderCommandOutput> => {
    const { oidcProviders } = iamOf(world, account);
    const found = Object.values(oidcProviders).find(({ arn }) => arn === OpenIDConnectProviderArn);
    if (!found)
      throw new AwsError(
        'NoSuchEntityException',
        `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
        404,
      );
    // a provider without a thumbprint gets that of the authority which IAM saw: it checks GitHub's by its own list
    const thumbprint = '6938fd4d98bab03faadb97b34396831e3780aea1';
    return { Url: found.host, ClientIDList: [...found.audiences], ThumbprintList: [thumbprint], Tags: [] };
  },
  ListOpenIDConnectProviders: (
    _input: object,
    { world, account },
  ): Output<ListOpenIDConnectProvidersCommandOutput> => ({
    OpenIDConnectProviderList: Object.values(iamOf(world, account).oidcProviders).map(({ arn }) => ({
      Arn: arn,
    })),
  }),
  GetAccountSummary: (_input: object, { world, account }): Output<GetAccountSummaryCommandOutput> => {
    const { roles, oidcProviders } = iamOf(world, account);
    return {
      SummaryMap: {
        Roles: Object.keys(roles).length,
        RolesQuota: ROLES,
        Users: Object.keys(usersOf(world, account)).length,
        Policies: Object.keys(managedPoliciesOf(world, account)).length,
        PoliciesQuota: POLICIES,
        Providers: Object.keys(oidcProviders).length,
        AssumeRolePolicySizeQuota: POLICY_QUOTAS['trust policy of role'].most,
        RolePolicySizeQuota: POLICY_QUOTAS['inline policies of role'].most,
        PolicySizeQuota: POLICY_QUOTAS['managed policy'].most,
      },
    };
  },
  ListRoles: (
    { PathPrefix = '/', ...asked }: ListRolesCommandInput,
    { world, account },
  ): Output<ListRolesCommandOutput> => {
    const roles = Object.values(iamOf(world, account).roles).filter(({ path }) =>
      path.startsWith(PathPrefix),
    );
    const { items, rest } = page(roles, asked);
    // tags, boundary and last use are in GetRole alone ("ListRoles", IAM API reference)
    return {
      Roles: items.map((role) => {
        const {
          Tags: _tags,
          PermissionsBoundary: _boundary,
          RoleLastUsed: _used,
          ...listed
        } = describedRole(role);
        return listed;
      }),
      ...rest,
    };
  },
};
