import type {
  CreateTopicCommandInput,
  SetTopicAttributesCommandInput,
  SubscribeCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-sns';
import { resourcePolicyMistakes } from '../policy/resource-policy.ts';
import type { Rule } from '../rules/rule.ts';

const CREATE = 'CreateTopic - Amazon Simple Notification Service API Reference';
const SUBSCRIBE = 'Subscribe - Amazon Simple Notification Service API Reference';
const TAGS = 'TagResource - Amazon Simple Notification Service API Reference';
const MOST = 50; // tags of a topic
const LONGEST = 100; // characters of a display name

/** What an endpoint of each protocol looks like, and what SNS says of another. */
const ENDPOINTS: Readonly<Record<string, readonly [form: RegExp, says: string]>> = {
  http: [/^http:\/\/\S+$/, 'Invalid parameter: Endpoint must match the specified protocol'],
  https: [/^https:\/\/\S+$/, 'Invalid parameter: Endpoint must match the specified protocol'],
  email: [/^[^@\s]+@[^@\s]+$/, 'Invalid parameter: Email address'],
  'email-json': [/^[^@\s]+@[^@\s]+$/, 'Invalid parameter: Email address'],
  sms: [/^\+?[\d\s().-]{3,20}$/, 'Invalid parameter: Invalid SMS endpoint'],
  sqs: [/^arn:[\w-]+:sqs:/, 'Invalid parameter: SQS endpoint ARN'],
  application: [/^arn:[\w-]+:sns:.*:endpoint\//, 'Invalid parameter: Application endpoint arn invalid'],
  lambda: [/^arn:[\w-]+:lambda:/, 'Invalid parameter: Lambda endpoint ARN'],
  firehose: [/^arn:[\w-]+:firehose:/, 'Invalid parameter: Firehose endpoint ARN'],
};

const attributes = (Attributes: object) => ({ Name: 'acme', Attributes });
const tags = (...keys: readonly string[]) => ({ Tags: keys.map((Key) => ({ Key, Value: '' })) });

interface Named {
  readonly TopicArn?: string | undefined;
  readonly SubscriptionArn?: string | undefined;
  readonly ResourceArn?: string | undefined;
}

/** Topics, their subscriptions and tags. */
export const topicRules: readonly Rule[] = [
  {
    operations: ['CreateTopic'],
    page: CREATE,
    says: 'A topic name has letters, digits, underscores and hyphens, 1 to 256 of them.',
    code: 'InvalidParameter',
    *mistakes({ Name = '', Attributes = {} }: CreateTopicCommandInput) {
      const form = Attributes['FifoTopic'] === 'true' ? /^[\w-]+(\.fifo)?$/ : /^[\w-]+$/;
      if (Name.length > 256 || !form.test(Name)) yield 'Invalid parameter: Topic Name';
    },
    shownBy: [{ Name: 'acme.prod' }, { Name: 'acme.fifo' }, { Name: '' }, { Name: 'x'.repeat(257) }],
  },
  {
    operations: ['CreateTopic'],
    page: CREATE,
    says: 'The name of a FIFO topic ends with .fifo.',
    code: 'InvalidParameter',
    *mistakes({ Name = '', Attributes = {} }: CreateTopicCommandInput) {
      if (Attributes['FifoTopic'] === 'true' && !Name.endsWith('.fifo'))
        yield 'Invalid parameter: Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.';
    },
    shownBy: [attributes({ FifoTopic: 'true' })],
  },
  {
    operations: ['CreateTopic', 'SetTopicAttributes'],
    page: 'Creating an Amazon SNS topic - Amazon Simple Notification Service',
    says: `A display name has ${LONGEST} characters at most, and a policy is a policy document.`,
    code: 'InvalidParameter',
    *mistakes(input: CreateTopicCommandInput & SetTopicAttributesCommandInput) {
      const { Attributes = {}, AttributeName = '', AttributeValue = '' } = input;
      const all: Readonly<Record<string, string>> = { ...Attributes, [AttributeName]: AttributeValue };
      const { DisplayName = '', Policy = '' } = all;
      if (DisplayName.length > LONGEST)
        yield `Invalid parameter: Attributes Reason: Display name must be less than or equal to ${LONGEST} characters long`;
      if (Policy !== '' && [...resourcePolicyMistakes(Policy)].length > 0)
        yield 'Invalid parameter: Policy Error: null';
    },
    shownBy: [
      attributes({ DisplayName: 'x'.repeat(LONGEST + 1) }),
      attributes({ Policy: 'Allow *' }),
      { AttributeName: 'Policy', AttributeValue: '{' },
      { AttributeName: 'Policy', AttributeValue: '{"Statement":[{"Effect":"Maybe"}]}' },
    ],
  },
  {
    operations: [
      'DeleteTopic',
      'GetTopicAttributes',
      'SetTopicAttributes',
      'Subscribe',
      'ListSubscriptionsByTopic',
      'Unsubscribe',
      'GetSubscriptionAttributes',
      'TagResource',
      'UntagResource',
      'ListTagsForResource',
    ],
    page: SUBSCRIBE,
    says: 'A topic or a subscription is named by its ARN.',
    code: 'InvalidParameter',
    *mistakes({ TopicArn, SubscriptionArn, ResourceArn }: Named) {
      for (const [name, arn] of Object.entries({ TopicArn, SubscriptionArn, ResourceArn })) {
        const elements = arn?.split(':').length ?? 6;
        if (elements < 6)
          yield `Invalid parameter: ${name} Reason: An ARN must have at least 6 elements, not ${elements}`;
      }
    },
    shownBy: [{ TopicArn: 'acme' }, { SubscriptionArn: 'pending confirmation' }, { ResourceArn: 'a:b' }],
  },
  {
    operations: ['Subscribe'],
    page: SUBSCRIBE,
    says: 'There are nine protocols.',
    code: 'InvalidParameter',
    *mistakes({ Protocol = '' }: SubscribeCommandInput) {
      if (!Object.hasOwn(ENDPOINTS, Protocol))
        yield `Invalid parameter: Amazon SNS does not support this protocol string: ${Protocol}`;
    },
    shownBy: [{ Protocol: 'smtp' }, { Protocol: 'HTTPS' }, { Protocol: 'constructor' }],
  },
  {
    operations: ['Subscribe'],
    page: SUBSCRIBE,
    says: 'An endpoint is what its protocol needs.',
    code: 'InvalidParameter',
    *mistakes({ Protocol = '', Endpoint = '' }: SubscribeCommandInput) {
      const [form, says] = (Object.hasOwn(ENDPOINTS, Protocol) && ENDPOINTS[Protocol]) || [];
      if (form && !form.test(Endpoint)) yield `${says}`;
    },
    shownBy: [
      { Protocol: 'https' },
      { Protocol: 'https', Endpoint: 'http://example.com' },
      { Protocol: 'http', Endpoint: 'https://example.com' },
      { Protocol: 'email', Endpoint: 'nobody' },
      { Protocol: 'sqs', Endpoint: 'https://sqs.eu-west-1.amazonaws.com/000011112222/queue' },
      { Protocol: 'lambda', Endpoint: 'notify' },
      { Protocol: 'sms', Endpoint: 'home' },
    ],
  },
  {
    operations: ['Subscribe'],
    page: SUBSCRIBE,
    says: 'A subscription of Firehose has a role.',
    code: 'InvalidParameter',
    *mistakes({ Protocol, Attributes = {} }: SubscribeCommandInput) {
      if (Protocol === 'firehose' && Attributes['SubscriptionRoleArn'] === undefined)
        yield 'Invalid parameter: Attributes Reason: SubscriptionRoleArn is required.';
    },
    shownBy: [{ Protocol: 'firehose', Endpoint: 'arn:aws:firehose:eu-west-1:000011112222:deliverystream/s' }],
  },
  {
    operations: ['CreateTopic', 'TagResource'],
    page: TAGS,
    says: 'A key does not begin with aws:, and none comes twice.',
    code: 'InvalidParameter',
    *mistakes({ Tags = [] }: TagResourceCommandInput) {
      const keys = Tags.map(({ Key = '' }) => Key);
      if (keys.some((key) => /^aws:/i.test(key)))
        yield 'Invalid parameter: Tag Reason: aws: prefixed tag key names are not allowed for external use';
      if (new Set(keys).size < keys.length) yield 'Invalid parameter: Duplicated keys are not allowed.';
    },
    shownBy: [tags('aws:team'), tags('team', 'team')],
  },
  {
    operations: ['CreateTopic', 'TagResource'],
    page: TAGS,
    says: `A topic has ${MOST} tags at most.`,
    code: 'TagLimitExceeded',
    *mistakes({ Tags = [] }: TagResourceCommandInput) {
      if (Tags.length > MOST) yield 'Could not complete request: tag quota of per resource exceeded';
    },
    shownBy: [tags(...Array.from({ length: MOST + 1 }, (_, i) => `k${i}`))],
  },
];
