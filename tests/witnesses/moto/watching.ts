import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { logGroupExists } from '@tenant-delivery/aws/logs/group-exists';
import type { Exchange } from '../../stage/a-double.ts';
import { ACCOUNT, REGION } from '../../stage/a-double.ts';

const GROUP = { logGroupName: '/td/orders' };
export const WATCHING: readonly Exchange[] = [
  ['a log group', async ({ logs }) => void (await logs.send(new CreateLogGroupCommand(GROUP)))],
  ['the same log group again', ({ logs }) => logs.send(new CreateLogGroupCommand(GROUP))],
  [
    'a retention of 31 days',
    ({ logs }) => logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 31 })),
  ],
  [
    'a group that is not there is deleted',
    ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: '/td/none' })),
  ],
  [
    'adapter: whether log groups are there',
    async ({ config }) => {
      const look = logGroupExists(config);
      return [await look('/td/orders'), await look('/td/none')];
    },
  ],
  ['a topic', async ({ topics }) => (await topics.send(new CreateTopicCommand({ Name: 'alarms' }))).TopicArn],
  ['a topic with a blank in its name', ({ topics }) => topics.send(new CreateTopicCommand({ Name: 'a b' }))],
  [
    'a topic that is not there',
    ({ topics }) =>
      topics.send(new GetTopicAttributesCommand({ TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:none` })),
  ],
];
