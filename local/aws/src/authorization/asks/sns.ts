import type { SubscribeCommandInput } from '@aws-sdk/client-sns';
import { topicsOf } from '../../sns/state.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfTopic {
  readonly TopicArn?: string | undefined;
  readonly ResourceArn?: string | undefined;
  /** It begins with the ARN of its topic. */
  readonly SubscriptionArn?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

function ofTopic(operation: string, input: OfTopic, { world, account, region }: Call): readonly Ask[] {
  const { TopicArn, ResourceArn, SubscriptionArn, Tags } = input;
  const arn = TopicArn ?? ResourceArn ?? SubscriptionArn?.split(':').slice(0, 6).join(':');
  if (arn === undefined) return []; // it is refused before
  return [
    {
      action: `sns:${operation}`,
      resource: arn,
      resourceTags: topicsOf(world, account, region)[arn]?.tags ?? {},
      ...(Tags && { requestTags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) }),
    },
  ];
}

const OPERATIONS = [
  'DeleteTopic',
  'GetTopicAttributes',
  'SetTopicAttributes',
  'Unsubscribe',
  'GetSubscriptionAttributes',
  'ListSubscriptionsByTopic',
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
];

/** "Actions, resources, and condition keys for Amazon SNS". */
export const snsAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    OPERATIONS.map((name) => [name, (input: OfTopic, call: Call) => ofTopic(name, input, call)]),
  ),
  CreateTopic: ({ Name = '', ...input }: OfTopic & { readonly Name?: string }, call) =>
    ofTopic(
      'CreateTopic',
      { ...input, TopicArn: `arn:aws:sns:${call.region}:${call.account}:${Name}`, Tags: input.Tags ?? [] },
      call,
    ),
  Subscribe: (input: SubscribeCommandInput, call) =>
    ofTopic('Subscribe', input, call).map((ask) => ({
      ...ask,
      context: { 'sns:Endpoint': input.Endpoint, 'sns:Protocol': input.Protocol },
    })),
};
