import type { LookupEventsRequest } from '@aws-sdk/client-cloudtrail';
import type { Rule } from '../rules/rule.ts';

const PAGE = 'LookupEvents - AWS CloudTrail';
const LONGEST_PAGE = 50;

const KEYS = [
  'EventId',
  'EventName',
  'ReadOnly',
  'Username',
  'ResourceType',
  'ResourceName',
  'EventSource',
  'AccessKeyId',
];
const named = (AttributeKey: string, AttributeValue = 'x') => ({ AttributeKey, AttributeValue });

export const trailRules: readonly Rule[] = [
  {
    operations: ['LookupEvents'],
    page: PAGE,
    says: 'The event category is insight, if it is given.',
    code: 'InvalidEventCategoryException',
    *mistakes({ EventCategory }: LookupEventsRequest) {
      if (EventCategory !== undefined && EventCategory !== 'insight')
        yield `Invalid event category: ${EventCategory}.`;
    },
    shownBy: [{ EventCategory: 'management' }],
  },
  {
    operations: ['LookupEvents'],
    page: PAGE,
    says: `A page has 1 to ${LONGEST_PAGE} events.`,
    code: 'InvalidMaxResultsException',
    *mistakes({ MaxResults = LONGEST_PAGE }: LookupEventsRequest) {
      if (MaxResults < 1 || MaxResults > LONGEST_PAGE)
        yield `MaxResults must be between 1 and ${LONGEST_PAGE}.`;
    },
    shownBy: [{ MaxResults: 0 }, { MaxResults: LONGEST_PAGE + 1 }],
  },
  {
    operations: ['LookupEvents'],
    page: PAGE,
    says: 'A time range starts before it ends.',
    code: 'InvalidTimeRangeException',
    *mistakes({ StartTime, EndTime }: LookupEventsRequest) {
      if (StartTime && EndTime && StartTime > EndTime) yield 'The start time is after the end time.';
    },
    shownBy: [{ StartTime: new Date(2_000), EndTime: new Date(1_000) }],
  },
  {
    operations: ['LookupEvents'],
    page: PAGE,
    says: 'Events are looked up by one attribute at most, which the page names.',
    code: 'InvalidLookupAttributesException',
    *mistakes({ LookupAttributes = [] }: LookupEventsRequest) {
      if (LookupAttributes.length > 1) yield 'Only one lookup attribute may be given.';
      for (const { AttributeKey = '', AttributeValue } of LookupAttributes) {
        if (!KEYS.includes(AttributeKey)) yield `Invalid key: ${AttributeKey}.`;
        if (AttributeKey === 'ReadOnly' && !['true', 'false'].includes(AttributeValue ?? ''))
          yield `Invalid value of ReadOnly: ${AttributeValue}.`;
      }
    },
    shownBy: [
      { LookupAttributes: [named('EventName'), named('Username')] },
      { LookupAttributes: [named('SourceIp')] },
      { LookupAttributes: [named('ReadOnly', 'yes')] },
    ],
  },
];
