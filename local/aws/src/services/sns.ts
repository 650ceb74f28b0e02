import { topicRules } from '../sns/rules.ts';
import { subscriptionOperations } from '../sns/subscriptions.ts';
import { topicOperations } from '../sns/topics.ts';
import type { Service } from '../world/service.ts';

/** Amazon SNS as far as topics and who subscribes to them. Nothing is published. */
export const sns: Service = {
  name: 'sns',
  sdk: '@aws-sdk/client-sns',
  operations: { ...topicOperations, ...subscriptionOperations },
  rules: topicRules,
};
