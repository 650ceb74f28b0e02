import type { CreateTopicCommandInput } from '@aws-sdk/client-sns';
import type { Rule } from '../rules/rule.ts';

export const topicRules: readonly Rule[] = [
  {
    operations: ['CreateTopic'],
    page: 'CreateTopic - Amazon Simple Notification Service API Reference',
    says: 'A topic name has letters, digits, underscores and hyphens, 1 to 256 of them; that of a FIFO topic ends in .fifo.',
    code: 'InvalidParameter',
    *mistakes({ Name = '' }: CreateTopicCommandInput) {
      if (Name.length > 256 || !/^[\w-]+(\.fifo)?$/.test(Name)) yield 'Invalid parameter: Topic Name';
    },
    shownBy: [{ Name: 'acme.prod' }, { Name: '' }, { Name: 'x'.repeat(257) }],
  },
];
