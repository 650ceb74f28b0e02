import { type PolicyDocument, policyDocumentIn } from '@tenant-delivery/break-glass/policy-document';
import type { BreakGlassRole } from '@tenant-delivery/break-glass/ports';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { iamClient } from './iam-client.ts';

/** One role, who may assume it, and one policy of it. `once` is a configuration whose requests are sent a single time. */
export function breakGlassRole(
  config: ClientConfig,
  once: ClientConfig,
  { role: RoleName, policy: PolicyName }: { readonly role: string; readonly policy: string },
): BreakGlassRole {
  const iam = iamClient(config);
  const iamOnce = iamClient(once);
  return {
    describe: async () => {
      const sent = iam.send((sdk) => new sdk.GetRoleCommand({ RoleName }));
      const answer = await translated('iam:GetRole', sent, ['NoSuchEntityException']);
      if (answer === 'NoSuchEntityException') return undefined;
      const role = required(answer.Role, 'Role');
      return {
        arn: required(role.Arn, 'Role.Arn'),
        boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        longestSession: required(role.MaxSessionDuration, 'Role.MaxSessionDuration'),
        trust: documentIn(required(role.AssumeRolePolicyDocument, 'Role.AssumeRolePolicyDocument')),
      };
    },
    guard: async () => {
      const sent = iam.send((sdk) => new sdk.GetRolePolicyCommand({ RoleName, PolicyName }));
      const answer = await translated('iam:GetRolePolicy', sent, ['NoSuchEntityException']);
      if (answer === 'NoSuchEntityException') return undefined;
      return documentIn(required(answer.PolicyDocument, 'PolicyDocument'));
    },
    putGuard: (document) => {
      const policy = { RoleName, PolicyName, PolicyDocument: JSON.stringify(document) };
      return answered(iamOnce.send((sdk) => new sdk.PutRolePolicyCommand(policy)));
    },
    putTrust: (document) => {
      const trust = { RoleName, PolicyDocument: JSON.stringify(document) };
      return answered(iamOnce.send((sdk) => new sdk.UpdateAssumeRolePolicyCommand(trust)));
    },
  };
}

/** IAM answers policies URL-encoded. A policy that cannot be read is unknown, never empty. */
function documentIn(text: string): PolicyDocument {
  return required(policyDocumentIn(decodeURIComponent(text)), 'a policy document');
}
