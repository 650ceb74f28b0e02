import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { permissionMistakes } from '../iam/permission-grammar.ts';
import type { Rule } from '../rules/rule.ts';

/** Characters of a session policy. */
const LONGEST_POLICY = 2_048;

export const stsRules: readonly Rule[] = [
  {
    operations: ['AssumeRole', 'AssumeRoleWithWebIdentity'],
    page: 'AssumeRole - AWS Security Token Service: Policy',
    says: "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters.",
    code: 'ValidationError',
    *mistakes({ Policy = '' }: AssumeRoleCommandInput) {
      if (Policy.length > LONGEST_POLICY)
        yield `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_POLICY}`;
    },
    shownBy: [{ Policy: policyOf(LONGEST_POLICY + 1) }, { Policy: policyOf(10_000) }],
  },
  {
    operations: ['AssumeRole', 'AssumeRoleWithWebIdentity'],
    page: 'Policies and permissions in AWS Identity and Access Management - Session policies',
    says: 'A session policy is a policy of IAM, and names no principal.',
    code: 'MalformedPolicyDocumentException',
    mistakes: ({ Policy }: AssumeRoleCommandInput) =>
      Policy === undefined ? [] : permissionMistakes(Policy),
    shownBy: [
      { Policy: '{}' },
      { Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*"}}' },
    ],
  },
];

/** A good policy that is as long as that. */
function policyOf(length: number): string {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } };
  return JSON.stringify(document).padEnd(length);
}
