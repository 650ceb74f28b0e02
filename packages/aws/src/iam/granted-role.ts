import { type PolicyDocument, policyDocumentIn } from '@tenant-delivery/break-glass/policy-document';
import type { GrantedRole } from '@tenant-delivery/break-glass/ports';
import { integerIn, requiredText } from '../by-hand/query-answer.ts';
import { childOf, queryCaller, textOf } from '../by-hand/signed-call.ts';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const IAM = { name: 'iam', variable: 'IAM', version: '2010-05-08', global: true } as const;
const GONE = ['NoSuchEntity', 'NoSuchEntityException'] as const;

/** One role, who may assume it, and one policy of it. `once` is a configuration whose requests are sent a single time. */
export function grantedRole(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  { role: RoleName, policy: PolicyName }: { readonly role: string; readonly policy: string },
): GrantedRole {
  const ask = queryCaller(IAM, config);
  const change = queryCaller(IAM, once);
  return {
    describe: async () => {
      const root = await translated('iam:GetRole', ask('GetRole', { RoleName }), GONE);
      if (root === 'NoSuchEntity' || root === 'NoSuchEntityException') return undefined;
      const role = childOf(childOf(root, 'GetRoleResult'), 'Role');
      return {
        arn: requiredText(role, 'Role', 'Arn'),
        boundary: textOf(childOf(role, 'PermissionsBoundary'), 'PermissionsBoundaryArn'),
        longestSession: required(integerIn(role, 'MaxSessionDuration'), 'Role.MaxSessionDuration'),
        trust: documentIn(requiredText(role, 'Role', 'AssumeRolePolicyDocument')),
      };
    },
    guard: async () => {
      const sent = ask('GetRolePolicy', { RoleName, PolicyName });
      const root = await translated('iam:GetRolePolicy', sent, GONE);
      if (root === 'NoSuchEntity' || root === 'NoSuchEntityException') return undefined;
      return documentIn(
        requiredText(childOf(root, 'GetRolePolicyResult'), 'GetRolePolicyResult', 'PolicyDocument'),
      );
    },
    putGuard: (document) =>
      answered(change('PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(document) })),
    putTrust: (document) =>
      answered(change('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: JSON.stringify(document) })),
  };
}

/** IAM gives policies with the characters of URLs. One that cannot be read is unknown, never empty. */
function documentIn(text: string): PolicyDocument {
  return required(policyDocumentIn(decodeURIComponent(text)), 'a policy document');
}
