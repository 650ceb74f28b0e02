import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { permissionMistakes } from '../iam/permission-grammar.ts';
import type { Rule } from '../rules/rule.ts';

export const stsRules: readonly Rule[] = [
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
