import type {
  CreateStackCommandInput,
  DeleteStackCommandInput,
  DescribeStackResourcesCommandInput,
  GetTemplateSummaryCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Rule } from '../rules/rule.ts';

const RESOURCES = 'DescribeStackResources - AWS CloudFormation';

export const cloudformationRules: readonly Rule[] = [
  {
    operations: ['GetTemplateSummary'],
    page: 'GetTemplateSummary - AWS CloudFormation',
    says: 'A summary is of one thing: a template or a stack.',
    code: 'ValidationError',
    *mistakes(input: GetTemplateSummaryCommandInput) {
      const given = [input.StackName, input.StackSetName, input.TemplateBody, input.TemplateURL];
      if (given.filter((one) => one !== undefined).length !== 1)
        yield 'You must specify only one of StackName, StackSetName, TemplateBody and TemplateURL.';
    },
    shownBy: [{}, { StackName: 'acme', TemplateBody: '{}' }],
  },
  {
    operations: ['CreateStack', 'UpdateStack', 'CreateChangeSet'],
    page: 'Tag - AWS CloudFormation',
    says: 'The key of a tag does not begin with aws:, and none comes twice.',
    code: 'ValidationError',
    *mistakes({ Tags = [] }: Pick<CreateStackCommandInput, 'Tags'>) {
      const keys = Tags.map(({ Key = '' }) => Key);
      if (keys.some((key) => /^aws:/i.test(key)))
        yield 'aws: prefixed tag key names are not allowed for external use.';
      if (new Set(keys).size < keys.length) yield 'Tag keys must be unique.';
    },
    shownBy: [
      { Tags: [{ Key: 'aws:team', Value: 'x' }] },
      {
        Tags: [
          { Key: 'team', Value: 'x' },
          { Key: 'team', Value: 'y' },
        ],
      },
    ],
  },
  {
    operations: ['DeleteStack'],
    page: 'DeleteStack - AWS CloudFormation',
    says: 'A stack is named by its name or its id; what cannot be one is no stack that is gone.',
    code: 'ValidationError',
    *mistakes({ StackName = '' }: DeleteStackCommandInput) {
      if (!/^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:[\w-]+:cloudformation:.+)$/.test(StackName))
        yield `1 validation error detected: Value '${StackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`;
    },
    shownBy: [
      { StackName: '' },
      { StackName: 'acme prod' },
      { StackName: '1st' },
      { StackName: 'x'.repeat(129) },
    ],
  },
  {
    operations: ['DescribeStackResources'],
    page: RESOURCES,
    says: 'A stack is named, or what one of its resources is called outside of it, and not both.',
    code: 'ValidationError',
    *mistakes({ StackName, PhysicalResourceId }: DescribeStackResourcesCommandInput) {
      if ((StackName === undefined) === (PhysicalResourceId === undefined))
        yield 'You must specify either StackName or PhysicalResourceId, but not both.';
    },
    shownBy: [{}, { LogicalResourceId: 'Logs' }, { StackName: 'acme', PhysicalResourceId: 'vpc-1' }],
  },
  {
    operations: ['DescribeStackResources'],
    page: RESOURCES,
    says: 'A logical name is one of a stack that is named.',
    code: 'ValidationError',
    *mistakes({ StackName, LogicalResourceId }: DescribeStackResourcesCommandInput) {
      if (LogicalResourceId !== undefined && StackName === undefined)
        yield 'LogicalResourceId must be specified with StackName.';
    },
    shownBy: [{ LogicalResourceId: 'Logs', PhysicalResourceId: '/acme' }],
  },
];
