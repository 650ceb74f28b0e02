import type {
  PutRolePolicyCommandInput,
  TagRoleCommandInput,
  UntagRoleCommandInput,
  UpdateAssumeRolePolicyCommandInput,
} from '@aws-sdk/client-iam';
import { GRAMMAR_PAGE } from '../policy/grammar/document.ts';
import type { Rule } from '../rules/rule.ts';
import type { Call } from '../world/service.ts';
import { permissionMistakes } from './permission-grammar.ts';
import { tagKeyMistakes } from './tag-keys.ts';
import { trustMistakes } from './trust-grammar.ts';

const permissions = (statement: object, more: object = {}) => ({
  PolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement }],
    ...more,
  }),
});

const TAGS_PAGE =
  'Tags for AWS Identity and Access Management resources - AWS Identity and Access Management';

export const iamRules: readonly Rule[] = [
  {
    operations: ['PutRolePolicy', 'PutUserPolicy'],
    page: GRAMMAR_PAGE,
    says: 'Permissions have statements with effect, actions and resources, no principal, and only elements and operators of the policy language.',
    code: 'MalformedPolicyDocumentException',
    mistakes: ({ PolicyDocument = '' }: PutRolePolicyCommandInput) => permissionMistakes(PolicyDocument),
    shownBy: [
      { PolicyDocument: '{' },
      permissions({ Effect: 'allow' }),
      permissions({ Action: undefined }),
      permissions({ Principal: '*' }),
    ],
  },
  {
    operations: ['UpdateAssumeRolePolicy'],
    page: 'AWS JSON policy elements: Principal - AWS Identity and Access Management',
    says: 'A trust policy names principals that exist and actions of STS, and no resource; who trusts GitHub says which repository.',
    code: 'MalformedPolicyDocumentException',
    mistakes: ({ PolicyDocument = '' }: UpdateAssumeRolePolicyCommandInput, { world }: Call) =>
      trustMistakes(world, PolicyDocument),
    shownBy: 'iam-documents.test.ts',
  },
  {
    operations: ['TagRole', 'TagUser'],
    page: TAGS_PAGE,
    says: 'Tag keys are not case-sensitive, none is given twice, and none begins with aws:.',
    code: 'InvalidInputException',
    mistakes: ({ Tags = [] }: TagRoleCommandInput) => tagKeyMistakes(Tags.map(({ Key = '' }) => Key)),
    shownBy: [
      { Tags: [{ Key: 'aws:owner', Value: '' }] },
      {
        Tags: [
          { Key: 'owner', Value: 'a' },
          { Key: 'Owner', Value: 'b' },
        ],
      },
    ],
  },
  {
    operations: ['UntagRole', 'UntagUser'],
    page: TAGS_PAGE,
    says: 'A tag whose key begins with aws: is not taken away either.',
    code: 'InvalidInputException',
    mistakes: ({ TagKeys = [] }: UntagRoleCommandInput) => tagKeyMistakes(TagKeys),
    shownBy: [{ TagKeys: ['aws:cloudformation:stack-name'] }],
  },
];
