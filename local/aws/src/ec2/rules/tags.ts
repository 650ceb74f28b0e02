import type { CreateTagsCommandInput, DeleteTagsCommandInput, TagSpecification } from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import type { Kind } from '../kinds.ts';

const PAGE = 'Tag your Amazon EC2 resources - Amazon Elastic Compute Cloud';

/** What each operation that takes tags makes. */
const MADE: Readonly<Record<string, Kind>> = {
  AllocateAddress: 'elastic-ip',
  AuthorizeSecurityGroupEgress: 'security-group-rule',
  AuthorizeSecurityGroupIngress: 'security-group-rule',
  CreateCustomerGateway: 'customer-gateway',
  CreateFlowLogs: 'vpc-flow-log',
  CreateInternetGateway: 'internet-gateway',
  CreateNatGateway: 'natgateway',
  CreateRouteTable: 'route-table',
  CreateSecurityGroup: 'security-group',
  CreateSubnet: 'subnet',
  CreateVpc: 'vpc',
  CreateVpcEndpoint: 'vpc-endpoint',
  CreateVpnConnection: 'vpn-connection',
  CreateVpnGateway: 'vpn-gateway',
};
const TAGGING = Object.keys(MADE);
const MOST = 50; // tags of a resource

type Tagged = Pick<CreateTagsCommandInput, 'Tags'> & {
  readonly TagSpecifications?: TagSpecification[] | undefined;
};

const tagsIn = ({ Tags = [], TagSpecifications = [] }: Tagged) => [
  ...Tags,
  ...TagSpecifications.flatMap(({ Tags: own = [] }) => own),
];
const many = Array.from({ length: MOST + 1 }, (_, i) => ({ Key: `k${i}`, Value: '' }));

/** A rule for each kind that an operation makes. */
const kindRules = Object.entries(MADE).map(
  ([operation, kind]): Rule => ({
    operations: [operation],
    page: 'TagSpecification - Amazon Elastic Compute Cloud',
    says: `The tags of ${operation} are for what it makes.`,
    code: 'InvalidParameterValue',
    *mistakes({ TagSpecifications = [] }: Tagged) {
      for (const { ResourceType } of TagSpecifications)
        if (ResourceType !== kind)
          yield `'${ResourceType}' is not a valid taggable resource type for this operation.`;
    },
    shownBy: [{ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'x' }] }] }],
  }),
);

/** Tags of anything. */
export const tagRules: readonly Rule[] = [
  ...kindRules,
  {
    operations: ['CreateTags', ...TAGGING],
    page: PAGE,
    says: 'A key has 1 to 128 characters and does not begin with aws:, a value 256 at most; no key comes twice.',
    code: 'InvalidParameterValue',
    *mistakes(input: Tagged) {
      const tags = tagsIn(input);
      const keys = tags.map(({ Key = '' }) => Key);
      if (keys.some((key) => /^aws:/i.test(key)))
        yield "Tag keys starting with 'aws:' are reserved for internal use";
      for (const [i, key] of keys.entries())
        if (keys.indexOf(key) !== i) yield `Duplicate tag key '${key}' specified.`;
      if (keys.some((key) => key === '' || key.length > 128)) yield 'Tag keys must have 1 to 128 characters.';
      for (const { Value = '' } of tags)
        if (Value.length > 256) yield 'Tag value exceeds the maximum length of 256 characters.';
    },
    shownBy: [
      { Tags: [{ Key: 'aws:x', Value: '' }] },
      { Tags: [{ Key: '', Value: '' }] },
      { Tags: [{ Key: 'k'.repeat(129), Value: '' }] },
      { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] },
      { TagSpecifications: [{ Tags: [{ Key: 'k' }, { Key: 'k' }] }] },
    ],
  },
  {
    operations: ['CreateTags', ...TAGGING],
    page: PAGE,
    says: `A resource has ${MOST} tags at most.`,
    code: 'TagLimitExceeded',
    *mistakes(input: Tagged) {
      if (tagsIn(input).length > MOST) yield 'The maximum number of Tags has been reached.';
    },
    shownBy: [{ Tags: many }, { TagSpecifications: [{ Tags: many }] }],
  },
  {
    operations: ['CreateTags', 'DeleteTags'],
    page: 'CreateTags - Amazon Elastic Compute Cloud',
    says: 'Up to 1,000 resources are tagged at once.',
    code: 'InvalidParameterValue',
    *mistakes({ Resources = [] }: DeleteTagsCommandInput) {
      if (Resources.length > 1_000) yield 'A request names 1000 resources at most.';
    },
    shownBy: [{ Resources: Array.from({ length: 1_001 }, () => 'vpc-1') }],
  },
  {
    operations: ['DeleteTags'],
    page: 'DeleteTags - Amazon Elastic Compute Cloud',
    says: "Tags with the prefix aws: are AWS's own.",
    code: 'InvalidParameterValue',
    *mistakes({ Tags = [] }: DeleteTagsCommandInput) {
      if (Tags.some(({ Key = '' }) => /^aws:/i.test(Key)))
        yield "Tag keys starting with 'aws:' are reserved for internal use";
    },
    shownBy: [{ Resources: ['vpc-1'], Tags: [{ Key: 'aws:cloudformation:stack-id' }] }],
  },
];
