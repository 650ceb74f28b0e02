import type {
  CreateLogGroupCommandInput,
  DescribeLogGroupsCommandInput,
  GetLogEventsCommandInput,
  PutRetentionPolicyCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Rule } from '../rules/rule.ts';

const DESCRIBE = 'DescribeLogGroups - Amazon CloudWatch Logs';
const EVENTS = 'GetLogEvents - Amazon CloudWatch Logs';

const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logRules: readonly Rule[] = [
  {
    operations: ['CreateLogGroup'],
    page: 'CreateLogGroup - Amazon CloudWatch Logs',
    says: 'The name of a log group does not start with aws/.',
    code: 'InvalidParameterException',
    *mistakes({ logGroupName = '' }: CreateLogGroupCommandInput) {
      if (logGroupName.startsWith('aws/')) yield "Log group names can't start with the string aws/";
    },
    shownBy: [{ logGroupName: 'aws/ecs/orders' }],
  },
  {
    operations: ['CreateLogGroup'],
    page: 'Tag log groups in Amazon CloudWatch Logs - Amazon CloudWatch Logs',
    says: 'A tag key does not begin with aws:.',
    code: 'InvalidParameterException',
    *mistakes({ tags = {} }: CreateLogGroupCommandInput) {
      if (Object.keys(tags).some((key) => /^aws:/i.test(key)))
        yield 'aws: prefixed tag key names are not allowed for external use.';
    },
    shownBy: [{ logGroupName: 'orders', tags: { 'aws:team': 'x' } }],
  },
  {
    operations: ['PutRetentionPolicy'],
    page: 'PutRetentionPolicy - Amazon CloudWatch Logs',
    says: 'Log events are kept for one of 22 numbers of days.',
    code: 'InvalidParameterException',
    *mistakes({ retentionInDays = 0 }: PutRetentionPolicyCommandInput) {
      if (!DAYS.includes(retentionInDays))
        yield `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${DAYS.join(', ')}]`;
    },
    shownBy: [{ retentionInDays: 2 }, { retentionInDays: 0 }, { retentionInDays: 3_654 }],
  },
  {
    operations: ['DescribeLogGroups'],
    page: DESCRIBE,
    says: 'Groups are found by a prefix or by a pattern.',
    code: 'InvalidParameterException',
    *mistakes({ logGroupNamePrefix, logGroupNamePattern }: DescribeLogGroupsCommandInput) {
      if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined)
        yield 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.';
    },
    shownBy: [{ logGroupNamePrefix: '/acme', logGroupNamePattern: 'orders' }],
  },
  {
    operations: ['DescribeLogGroups'],
    page: DESCRIBE,
    says: 'Beside a list of groups only includeLinkedAccounts may be given.',
    code: 'InvalidParameterException',
    *mistakes({ logGroupIdentifiers, includeLinkedAccounts: _, ...others }: DescribeLogGroupsCommandInput) {
      const beside = Object.entries(others).filter(([, value]) => value !== undefined);
      if (logGroupIdentifiers !== undefined && beside.length > 0)
        yield `logGroupIdentifiers cannot be specified with ${beside.map(([name]) => name).join(', ')}.`;
    },
    shownBy: [{ logGroupIdentifiers: ['orders'], logGroupNamePrefix: 'o' }],
  },
  {
    operations: ['GetLogEvents'],
    page: EVENTS,
    says: 'A group is named by its name or by its identifier, not by both.',
    code: 'InvalidParameterException',
    *mistakes({ logGroupName, logGroupIdentifier }: GetLogEventsCommandInput) {
      if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
        yield 'You must include either logGroupIdentifier or logGroupName, but not both.';
    },
    shownBy: [
      { logStreamName: 'one' },
      { logGroupName: 'orders', logGroupIdentifier: 'orders', logStreamName: 'one' },
    ],
  },
  {
    operations: ['GetLogEvents'],
    page: EVENTS,
    says: 'A nextForwardToken is used with startFromHead.',
    code: 'InvalidParameterException',
    *mistakes({ nextToken, startFromHead }: GetLogEventsCommandInput) {
      if (nextToken?.startsWith('f/') && !startFromHead)
        yield 'If you are using a previous nextForwardToken value as the nextToken, you must specify true for startFromHead.';
    },
    shownBy: [{ logGroupName: 'orders', nextToken: 'f/1/s' }],
  },
];
