import type { Role } from '@aws-sdk/client-iam';
import type { AccountReader, FoundRole } from '@tenant-delivery/provisioning/doctor/ports';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { iamClient, marked } from './iam-client.ts';

const GONE = ['NoSuchEntityException'] as const;

type IamReads = Pick<
  AccountReader,
  'audiences' | 'role' | 'inlinePolicies' | 'attachedPolicies' | 'managedPolicy' | 'quotas'
>;

/** What IAM holds of an environment, read only. */
export function iamReads(config: ClientConfig): IamReads {
  const iam = iamClient(config);
  return {
    audiences: async (OpenIDConnectProviderArn) => {
      const sent = iam.send((sdk) => new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      const answer = await translated('iam:GetOpenIDConnectProvider', sent, GONE);
      return answer === GONE[0] ? undefined : required(answer.ClientIDList, 'ClientIDList');
    },
    role: async (RoleName) => {
      const sent = iam.send((sdk) => new sdk.GetRoleCommand({ RoleName }));
      const answer = await translated('iam:GetRole', sent, GONE);
      return answer === GONE[0] ? undefined : roleOf(required(answer.Role, 'Role'));
    },
    inlinePolicies: async (RoleName) => {
      const pages = iam.pages((sdk, client) => sdk.paginateListRolePolicies({ client }, { RoleName }));
      const names = await everyRow('iam:ListRolePolicies', marked(pages), 'PolicyNames', GONE);
      if (names === GONE[0]) return undefined;
      const read = async (PolicyName: string) => {
        const sent = iam.send((sdk) => new sdk.GetRolePolicyCommand({ RoleName, PolicyName }));
        const answer = await translated('iam:GetRolePolicy', sent);
        return [PolicyName, documentIn(required(answer.PolicyDocument, 'PolicyDocument'))] as const;
      };
      return Object.fromEntries(await Promise.all(names.map(read)));
    },
    attachedPolicies: async (RoleName) => {
      const pages = iam.pages((sdk, client) =>
        sdk.paginateListAttachedRolePolicies({ client }, { RoleName }),
      );
      const found = await everyRow('iam:ListAttachedRolePolicies', marked(pages), 'AttachedPolicies', GONE);
      if (found === GONE[0]) return undefined;
      return found.map(({ PolicyArn }) => required(PolicyArn, 'AttachedPolicies[].PolicyArn'));
    },
    managedPolicy: async (PolicyArn) => {
      const sent = iam.send((sdk) => new sdk.GetPolicyCommand({ PolicyArn }));
      const answer = await translated('iam:GetPolicy', sent, GONE);
      if (answer === GONE[0]) return undefined;
      const VersionId = required(answer.Policy?.DefaultVersionId, 'Policy.DefaultVersionId');
      const read = iam.send((sdk) => new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId }));
      const { PolicyVersion } = await translated('iam:GetPolicyVersion', read);
      return documentIn(required(PolicyVersion?.Document, 'PolicyVersion.Document'));
    },
    quotas: async () => {
      const sent = iam.send((sdk) => new sdk.GetAccountSummaryCommand({}));
      const { SummaryMap = {} } = await translated('iam:GetAccountSummary', sent);
      const of = (name: keyof typeof SummaryMap) => required(SummaryMap[name], `SummaryMap.${name}`);
      return {
        roles: { used: of('Roles'), most: of('RolesQuota') },
        trust: of('AssumeRolePolicySizeQuota'),
        inline: of('RolePolicySizeQuota'),
      };
    },
  };
}

function roleOf(role: Role): FoundRole {
  return {
    arn: required(role.Arn, 'Role.Arn'),
    path: required(role.Path, 'Role.Path'),
    maxSessionDuration: required(role.MaxSessionDuration, 'Role.MaxSessionDuration'),
    trust: documentIn(required(role.AssumeRolePolicyDocument, 'Role.AssumeRolePolicyDocument')),
    boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
  };
}

/** IAM stores JSON only, and answers it in the form of a URL. */
function documentIn(text: string): unknown {
  return JSON.parse(decodeURIComponent(text));
}
