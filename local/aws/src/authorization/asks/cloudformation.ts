import type { CreateChangeSetCommandInput, CreateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { stackNamed } from '../../cloudformation/find-stack.ts';
import type { Context } from '../../policy/context.ts';
import { partitionOf } from '../../world/partition.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfStack {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
  readonly RoleARN?: string | undefined;
}

const PLAIN = [
  'CancelUpdateStack',
  'DescribeStackEvents',
  'DescribeStackResource',
  'DescribeStackResourceDrifts',
  'DescribeStackResources',
  'DetectStackDrift',
  'GetStackPolicy',
  'GetTemplate',
  'ListChangeSets',
  'ListStackResources',
  'UpdateTerminationProtection',
] as const;

const OF_CHANGE_SET = ['DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet'] as const;

/** "Actions, resources, and condition keys for AWS CloudFormation". Change sets are asked about as their stack. */
export const cloudformationAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    PLAIN.map((name) => [name, (input: OfStack, call: Call) => [ofStack(name, input.StackName, call)]]),
  ),
  ...Object.fromEntries(
    OF_CHANGE_SET.map((name) => [
      name,
      (input: OfStack, call: Call) => [
        ofStack(name, input.StackName, call, { 'cloudformation:ChangeSetName': input.ChangeSetName }),
      ],
    ]),
  ),
  CreateChangeSet: (input: CreateChangeSetCommandInput, call) => [
    ofStack(
      'CreateChangeSet',
      input.StackName,
      call,
      {
        ...changing(input),
        'cloudformation:ChangeSetName': input.ChangeSetName,
        'cloudformation:ImportResourceTypes': input.ResourcesToImport?.map(
          ({ ResourceType = '' }) => ResourceType,
        ),
      },
      input.Tags,
    ),
    ...passed(input.RoleARN),
  ],
  CreateStack: (input: CreateStackCommandInput, call) => [
    ofStack('CreateStack', input.StackName, call, changing(input), input.Tags),
    ...passed(input.RoleARN),
  ],
  UpdateStack: (input: CreateStackCommandInput, call) => [
    ofStack('UpdateStack', input.StackName, call, changing(input), input.Tags),
    ...passed(input.RoleARN),
  ],
  DeleteStack: (input: OfStack, call) => [
    ofStack('DeleteStack', input.StackName, call, { 'cloudformation:RoleArn': input.RoleARN }),
    ...passed(input.RoleARN),
  ],
  ContinueUpdateRollback: (input: OfStack, call) => [
    ofStack('ContinueUpdateRollback', input.StackName, call, { 'cloudformation:RoleArn': input.RoleARN }),
    ...passed(input.RoleARN),
  ],
  RollbackStack: (input: OfStack, call) => [
    ofStack('RollbackStack', input.StackName, call, { 'cloudformation:RoleArn': input.RoleARN }),
    ...passed(input.RoleARN),
  ],
  SetStackPolicy: (input: OfStack & { readonly StackPolicyURL?: string }, call) => [
    ofStack('SetStackPolicy', input.StackName, call, {
      'cloudformation:StackPolicyUrl': input.StackPolicyURL,
    }),
  ],
  // without a name all stacks are asked for
  DescribeStacks: (input: OfStack, call) => [
    input.StackName === undefined
      ? { action: 'cloudformation:DescribeStacks', resource: '*', resourceTags: {} }
      : ofStack('DescribeStacks', input.StackName, call),
  ],
  GetTemplateSummary: (input: OfStack & { readonly TemplateURL?: string }, call) => {
    const context = { 'cloudformation:TemplateUrl': input.TemplateURL };
    return [
      input.StackName === undefined
        ? { action: 'cloudformation:GetTemplateSummary', resource: '*', context, resourceTags: {} }
        : ofStack('GetTemplateSummary', input.StackName, call, context),
    ];
  },
  ValidateTemplate: ({ TemplateURL }: { readonly TemplateURL?: string }) => [
    {
      action: 'cloudformation:ValidateTemplate',
      resource: '*',
      context: { 'cloudformation:TemplateUrl': TemplateURL },
    },
  ],
};

function changing(
  input: Pick<CreateStackCommandInput, 'ResourceTypes' | 'RoleARN' | 'TemplateURL' | 'StackPolicyURL'>,
): Context {
  return {
    'cloudformation:ResourceTypes': input.ResourceTypes,
    'cloudformation:RoleArn': input.RoleARN,
    'cloudformation:StackPolicyUrl': input.StackPolicyURL,
    'cloudformation:TemplateUrl': input.TemplateURL,
  };
}

type Tags = CreateStackCommandInput['Tags'];

/** A stack that is not there yet is asked about without an id. */
function ofStack(
  operation: string,
  name = '',
  call: Call,
  context: Context = {},
  tags: Tags = undefined,
): Ask {
  const { account, region } = call;
  const stack = stackNamed(call, name);
  const { partition } = partitionOf(region);
  return {
    action: `cloudformation:${operation}`,
    resource:
      stack?.id ??
      (name.startsWith('arn:')
        ? name
        : `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/*`),
    context,
    resourceTags: stack?.applied?.tags ?? {},
    ...(tags && { requestTags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])) }),
  };
}

function passed(role: string | undefined): readonly Ask[] {
  if (role === undefined) return [];
  const context = {
    'iam:PassedToService': 'cloudformation.amazonaws.com',
    'iam:AssociatedResourceArn': undefined,
  };
  return [{ action: 'iam:PassRole', resource: role, context }];
}
