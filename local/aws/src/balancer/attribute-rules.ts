import { isIP } from 'node:net';
import type {
  AddTagsCommandInput,
  DescribeTargetHealthCommandInput,
  ModifyLoadBalancerAttributesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Rule } from '../rules/rule.ts';

/** What an ARN of each kind looks like, and what it is called. */
const ARNS = {
  LoadBalancerArns: ['loadbalancer/', 'load balancer'],
  LoadBalancerArn: ['loadbalancer/', 'load balancer'],
  TargetGroupArns: ['targetgroup/', 'target group'],
  TargetGroupArn: ['targetgroup/', 'target group'],
  ListenerArns: ['listener/', 'listener'],
  ListenerArn: ['listener/', 'listener'],
  RuleArns: ['listener-rule/', 'listener rule'],
} as const;
/** By how much each read may be asked at once, and not by two of them. */
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  DescribeLoadBalancers: ['LoadBalancerArns', 'Names'],
  DescribeTargetGroups: ['LoadBalancerArn', 'TargetGroupArns', 'Names'],
};
const READS = [
  'DescribeLoadBalancers',
  'DescribeTargetGroups',
  'DescribeTargetGroupAttributes',
  'DescribeTargetHealth',
  'DescribeListeners',
  'DescribeRules',
  'ModifyLoadBalancerAttributes',
];

export const balancerRules: readonly Rule[] = [
  {
    operations: READS,
    page: 'Actions, resources, and condition keys for AWS Elastic Load Balancing V2 - Service Authorization Reference',
    says: 'A balancer, a target group, a listener and a rule are named by ARNs of their kind.',
    code: 'ValidationError',
    *mistakes(input: Readonly<Record<string, string | readonly string[] | undefined>>) {
      for (const [member, [part, kind]] of Object.entries(ARNS))
        for (const arn of [input[member] ?? []].flat())
          if (!new RegExp(`^arn:[\\w-]+:elasticloadbalancing:[\\w-]+:\\d{12}:${part}`).test(arn))
            yield `'${arn}' is not a valid ${kind} ARN`;
    },
    shownBy: [
      { LoadBalancerArns: ['acme'] },
      { TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/acme/1' },
      { ListenerArns: ['x'] },
      { RuleArns: ['x'] },
    ],
  },
  ...Object.entries(ONE_OF).map(
    ([operation, members]): Rule => ({
      operations: [operation],
      page: `${operation} - Elastic Load Balancing`,
      says: `It is asked by one of ${members.join(', ')}, of 20 at most.`,
      code: 'ValidationError',
      *mistakes(input: Readonly<Record<string, string | readonly string[] | undefined>>) {
        const given = members.filter((member) => (input[member]?.length ?? 0) > 0);
        if (given.length > 1) yield `${given.join(' and ')} cannot be specified at the same time`;
        for (const member of given)
          if (Array.isArray(input[member]) && input[member].length > 20)
            yield `${member} has 20 items at most`;
      },
      shownBy: [
        Object.fromEntries(members.map((member) => [member, ['x']])),
        { Names: Array.from({ length: 21 }, (_, i) => `acme-${i}`) },
      ],
    }),
  ),
  {
    operations: ['AddTags'],
    page: 'Tag - Elastic Load Balancing',
    says: 'The prefix aws: of a tag is reserved for AWS.',
    code: 'ValidationError',
    *mistakes({ Tags = [] }: AddTagsCommandInput) {
      for (const { Key = '' } of Tags)
        if (/^aws:/i.test(Key)) yield `Tag keys that begin with aws: are reserved: ${Key}`;
    },
    shownBy: [{ Tags: [{ Key: 'aws:team', Value: 'x' }] }, { Tags: [{ Key: 'AWS:team', Value: 'x' }] }],
  },
  {
    operations: ['AddTags'],
    page: 'AddTags - Elastic Load Balancing',
    says: 'Something is tagged.',
    code: 'ValidationError',
    *mistakes({ ResourceArns = [] }: AddTagsCommandInput) {
      if (ResourceArns.length === 0) yield 'At least one resource ARN must be specified';
    },
    shownBy: [{ ResourceArns: [] }],
  },
  {
    operations: ['DescribeTargetHealth'],
    page: 'TargetDescription - Elastic Load Balancing',
    says: 'A target of the type ip is named by its address.',
    code: 'ValidationError',
    *mistakes({ Targets = [] }: DescribeTargetHealthCommandInput) {
      for (const { Id = '' } of Targets) if (isIP(Id) === 0) yield `The IP address '${Id}' is not valid`;
    },
    shownBy: [{ Targets: [{ Id: 'orders' }] }, { Targets: [{ Id: 'i-0123456789abcdef0' }] }],
  },
  {
    operations: ['ModifyLoadBalancerAttributes'],
    page: 'ModifyLoadBalancerAttributes - Elastic Load Balancing',
    says: 'At least one attribute is given.',
    code: 'ValidationError',
    *mistakes({ Attributes = [] }: ModifyLoadBalancerAttributesCommandInput) {
      if (Attributes.length === 0) yield 'At least one load balancer attribute must be specified';
    },
    shownBy: [{ Attributes: [] }],
  },
  {
    operations: ['ModifyLoadBalancerAttributes'],
    page: 'LoadBalancerAttribute - Elastic Load Balancing',
    says: 'An attribute that turns something on or off is true or false, and is given once.',
    code: 'InvalidConfigurationRequest',
    *mistakes({ Attributes = [] }: ModifyLoadBalancerAttributesCommandInput) {
      const keys = Attributes.map(({ Key = '' }) => Key);
      if (new Set(keys).size < keys.length) yield 'A load balancer attribute is specified more than once.';
      for (const { Key = '', Value = '' } of Attributes)
        if (Key.endsWith('.enabled') && Value !== 'true' && Value !== 'false')
          yield `The value of '${Key}' must be 'true' or 'false'.`;
    },
    shownBy: [
      { Attributes: [{ Key: 'deletion_protection.enabled', Value: 'yes' }] },
      {
        Attributes: [
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'deletion_protection.enabled', Value: 'false' },
        ],
      },
    ],
  },
];
