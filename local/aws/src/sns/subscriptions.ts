import { randomUUID } from 'node:crypto';
import type {
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput,
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput,
  SubscribeCommandInput,
  SubscribeCommandOutput,
  UnsubscribeCommandInput,
} from '@aws-sdk/client-sns';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import type { Subscription, Topic } from './state.ts';
import { findTopic } from './topics.ts';

export const subscriptionOperations: Readonly<Record<string, Handler>> = {
  Subscribe: subscribe,
  Unsubscribe: (input: UnsubscribeCommandInput, call) => {
    const { topic, subscription } = findSubscription(call, input.SubscriptionArn);
    delete topic.subscriptions[subscription.arn];
    call.world.touched();
    return {};
  },
  GetSubscriptionAttributes: getSubscriptionAttributes,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
};

/** Subscriptions by other protocols are refused by name. */
const PROTOCOLS = ['email', 'email-json', 'https', 'sqs', 'lambda'];

/** The same endpoint again is the same subscription. */
function subscribe(input: SubscribeCommandInput, call: Call): Output<SubscribeCommandOutput> {
  const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  const topic = findTopic(call, input.TopicArn);
  if (!PROTOCOLS.includes(protocol))
    throw new AwsError('NotImplemented', `local-aws knows no subscriptions by ${protocol}.`, 501);
  const again = Object.values(topic.subscriptions).find(
    (one) => one.protocol === protocol && one.endpoint === endpoint,
  );
  const subscription: Subscription = again ?? {
    arn: `${topic.arn}:${randomUUID()}`,
    protocol,
    endpoint,
    confirmed: protocol === 'sqs' || protocol === 'lambda',
  };
  topic.subscriptions[subscription.arn] = subscription;
  call.world.touched();
  const told = subscription.confirmed || input.ReturnSubscriptionArn;
  return { SubscriptionArn: told ? subscription.arn : 'pending confirmation' };
}

function findSubscription(
  call: Call,
  arn = '',
): { readonly topic: Topic; readonly subscription: Subscription } {
  const topic = findTopic(call, arn.split(':').slice(0, 6).join(':'));
  const subscription = topic.subscriptions[arn];
  if (subscription) return { topic, subscription };
  throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
}

function getSubscriptionAttributes(
  { SubscriptionArn }: GetSubscriptionAttributesCommandInput,
  call: Call,
): Output<GetSubscriptionAttributesCommandOutput> {
  const { topic, subscription } = findSubscription(call, SubscriptionArn);
  return {
    Attributes: {
      SubscriptionArn: subscription.arn,
      TopicArn: topic.arn,
      Owner: call.account,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      PendingConfirmation: String(!subscription.confirmed),
    },
  };
}

function listSubscriptionsByTopic(
  input: ListSubscriptionsByTopicCommandInput,
  call: Call,
): Output<ListSubscriptionsByTopicCommandOutput> {
  const topic = findTopic(call, input.TopicArn);
  return {
    Subscriptions: Object.values(topic.subscriptions).map(({ arn, protocol, endpoint, confirmed }) => ({
      SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
      Owner: call.account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topic.arn,
    })),
  };
}
