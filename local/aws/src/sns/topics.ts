import type {
  CreateTopicCommandInput,
  CreateTopicCommandOutput,
  DeleteTopicCommandInput,
  GetTopicAttributesCommandInput,
  GetTopicAttributesCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  ListTopicsCommandInput,
  ListTopicsCommandOutput,
  SetTopicAttributesCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-sns';
import type { Output } from '../services/output.ts';
import { pageOf } from '../world/page.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { type Topic, topicsOf } from './state.ts';

const PAGE = 100; // topics, "ListTopics"

export const topicOperations: Readonly<Record<string, Handler>> = {
  CreateTopic: createTopic,
  DeleteTopic: ({ TopicArn = '' }: DeleteTopicCommandInput, { world, account, region }) => {
    delete topicsOf(world, account, region)[TopicArn]; // a second time is no error
    world.touched();
    return {};
  },
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  ListTopics: (
    { NextToken }: ListTopicsCommandInput,
    { world, account, region },
  ): Output<ListTopicsCommandOutput> => {
    const { items, next } = pageOf(Object.keys(topicsOf(world, account, region)), {
      token: NextToken,
      size: PAGE,
      refused: () => new AwsError('InvalidParameter', 'Invalid parameter: NextToken'),
    });
    return {
      Topics: items.map((TopicArn) => ({ TopicArn })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
  TagResource: ({ ResourceArn, Tags = [] }: TagResourceCommandInput, call) => {
    const topic = taggedTopic(call, ResourceArn);
    topic.tags = { ...topic.tags, ...tagsIn(Tags) };
    call.world.touched();
    return {};
  },
  UntagResource: ({ ResourceArn, TagKeys = [] }: UntagResourceCommandInput, call) => {
    const topic = taggedTopic(call, ResourceArn);
    topic.tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key)));
    call.world.touched();
    return {};
  },
  ListTagsForResource: (
    { ResourceArn }: ListTagsForResourceCommandInput,
    call,
  ): Output<ListTagsForResourceCommandOutput> => ({
    Tags: Object.entries(taggedTopic(call, ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  }),
};

function tagsIn(tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Attributes that can be set here; others are refused by name. */
const ATTRIBUTES = ['DisplayName', 'Policy', 'KmsMasterKeyId'];

function checkAttributes(names: readonly string[]): void {
  const unknown = names.filter((name) => !ATTRIBUTES.includes(name));
  if (unknown.length > 0)
    throw new AwsError('NotImplemented', `local-aws does not know ${unknown.join(', ')} of a topic.`, 501);
}

/** The same name again is the same topic, if it says nothing else. */
function createTopic(input: CreateTopicCommandInput, call: Call): Output<CreateTopicCommandOutput> {
  const { Name: name = '', Attributes: attributes = {}, Tags = [] } = input;
  const { world, account, region } = call;
  checkAttributes(Object.keys(attributes));
  const topics = topicsOf(world, account, region);
  const arn = `arn:aws:sns:${region}:${account}:${name}`;
  const known = topics[arn];
  const other = Object.entries(attributes).some(([key, value]) => known && known.attributes[key] !== value);
  if (other)
    throw new AwsError(
      'InvalidParameter',
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
  if (known && Tags.some(({ Key = '', Value }) => known.tags[Key] !== Value))
    throw new AwsError(
      'InvalidParameter',
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
  if (!known) withinQuota(call, 'topics', Object.keys(topics).length);
  topics[arn] = known ?? { arn, name, attributes, tags: tagsIn(Tags), subscriptions: {} };
  world.touched();
  return { TopicArn: arn };
}

/** The operations of tags have a word of their own for what is not there ("TagResource"). */
function taggedTopic({ world, account, region }: Call, arn = ''): Topic {
  const found = topicsOf(world, account, region)[arn];
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
}

export function findTopic({ world, account, region }: Call, arn = ''): Topic {
  const found = topicsOf(world, account, region)[arn];
  if (found) return found;
  throw new AwsError('NotFoundException', 'Topic does not exist', 404);
}

function setTopicAttributes(input: SetTopicAttributesCommandInput, call: Call): object {
  const { AttributeName: name = '', AttributeValue: value = '' } = input;
  const topic = findTopic(call, input.TopicArn);
  checkAttributes([name]);
  const { [name]: _, ...others } = topic.attributes;
  topic.attributes = value === '' ? others : { ...others, [name]: value };
  call.world.touched();
  return {};
}

function getTopicAttributes(
  { TopicArn }: GetTopicAttributesCommandInput,
  call: Call,
): Output<GetTopicAttributesCommandOutput> {
  const { arn, attributes, subscriptions } = findTopic(call, TopicArn);
  const all = Object.values(subscriptions);
  return {
    Attributes: {
      TopicArn: arn,
      Owner: call.account,
      DisplayName: '',
      Policy: ownPolicy(arn, call.account),
      SubscriptionsConfirmed: String(all.filter(({ confirmed }) => confirmed).length),
      SubscriptionsPending: String(all.filter(({ confirmed }) => !confirmed).length),
      SubscriptionsDeleted: '0',
      ...attributes,
    },
  };
}

/** What a topic has until somebody says otherwise: its own account may do everything with it. */
function ownPolicy(arn: string, account: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe', 'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes'],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });
}
