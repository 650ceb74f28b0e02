/**
 * The shapes of CloudTrail's LookupEvents ("LookupEvents", AWS CloudTrail API Reference), written as the SDK's clients
 * write theirs: the tuples of @smithy/core's static schemas. They stand in for `@aws-sdk/client-cloudtrail`, which is
 * not among the dependencies; with it, `services/cloudtrail.ts` names it and this file goes.
 */
const NS = 'com.amazonaws.cloudtrail';
const [OPERATION, STRUCTURE, LIST, ERROR] = [9, 3, 1, -3];
const [STRING, NUMBER, TIMESTAMP] = [0, 1, 4];

const structure = (
  name: string,
  members: Readonly<Record<string, unknown>>,
  required = 0,
): readonly unknown[] => [
  STRUCTURE,
  NS,
  name,
  0,
  Object.keys(members),
  Object.values(members),
  ...(required > 0 ? [required] : []),
];
const list = (name: string, of: () => readonly unknown[]) => [LIST, NS, name, 0, of];
const refusal = (name: string) => [
  ERROR,
  NS,
  name,
  { error: 'client', httpError: 400 },
  ['Message'],
  [STRING],
];

const LookupAttribute = structure('LookupAttribute', { AttributeKey: STRING, AttributeValue: STRING }, 2);
const Resource = structure('Resource', { ResourceType: STRING, ResourceName: STRING });
const Event = structure('Event', {
  EventId: STRING,
  EventName: STRING,
  ReadOnly: STRING,
  AccessKeyId: STRING,
  EventTime: TIMESTAMP,
  EventSource: STRING,
  Username: STRING,
  Resources: () => list('ResourceList', () => Resource),
  CloudTrailEvent: STRING,
});
const LookupEventsRequest = structure('LookupEventsRequest', {
  LookupAttributes: () => list('LookupAttributesList', () => LookupAttribute),
  StartTime: TIMESTAMP,
  EndTime: TIMESTAMP,
  EventCategory: STRING,
  MaxResults: NUMBER,
  NextToken: STRING,
});
const LookupEventsResponse = structure('LookupEventsResponse', {
  Events: () => list('EventsList', () => Event),
  NextToken: STRING,
});

export const LookupEvents$ = [
  OPERATION,
  NS,
  'LookupEvents',
  2,
  () => LookupEventsRequest,
  () => LookupEventsResponse,
];
export const InvalidEventCategoryException$ = refusal('InvalidEventCategoryException');
export const InvalidLookupAttributesException$ = refusal('InvalidLookupAttributesException');
export const InvalidMaxResultsException$ = refusal('InvalidMaxResultsException');
export const InvalidNextTokenException$ = refusal('InvalidNextTokenException');
export const InvalidTimeRangeException$ = refusal('InvalidTimeRangeException');

export interface LookupEventsInput {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly EventCategory?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface LookedUpEvent {
  readonly EventId: string;
  readonly EventName: string;
  /** `true` or `false`. */
  readonly ReadOnly: string;
  readonly AccessKeyId?: string;
  readonly EventTime: Date;
  readonly EventSource: string;
  readonly Username?: string;
  readonly Resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The whole event as JSON. */
  readonly CloudTrailEvent: string;
}

export interface LookupEventsOutput {
  readonly Events: readonly LookedUpEvent[];
  readonly NextToken?: string;
}
