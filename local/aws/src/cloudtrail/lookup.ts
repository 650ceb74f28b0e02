import type { Event, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { AwsError, type Call } from '../world/service.ts';
import { witnessOf } from '../world/witness.ts';
import { eventsOf, type TrailEvent } from './trail.ts';

const KEPT = 90 * 86_400_000; // milliseconds ("Viewing recent management events", AWS CloudTrail User Guide)
const LONGEST_PAGE = 50;

type Matches = (event: TrailEvent, value: string) => boolean;

const ATTRIBUTES: Readonly<Record<string, Matches>> = {
  EventId: ({ id }, value) => id === value,
  EventName: ({ name }, value) => name === value,
  ReadOnly: ({ readOnly }, value) => String(readOnly) === value,
  Username: ({ username }, value) => username === value,
  ResourceType: ({ resources }, value) => resources.some(({ type }) => type === value),
  ResourceName: ({ resources }, value) => resources.some(({ name }) => name === value),
  EventSource: ({ source }, value) => source === value,
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
};

/** Management events of this account and region, the newest first: those that have come by now. */
export function lookupEvents(input: LookupEventsRequest, call: Call): LookupEventsResponse {
  const { LookupAttributes = [], StartTime, EndTime, MaxResults = LONGEST_PAGE, EventCategory } = input;
  const { world, account, region } = call;
  const { start, asOf } = positionOf(input, world.clock.now());
  const matches = filterOf(LookupAttributes);
  const from = Math.max(StartTime?.getTime() ?? 0, asOf - KEPT);
  const until = EndTime?.getTime() ?? asOf;
  const found = EventCategory
    ? []
    : eventsOf(world, account, region)
        .filter(({ time }) => time >= from && time <= until)
        .filter(matches)
        .reverse();
  const visible = found.filter(({ visibleAt }) => visibleAt <= asOf);
  if (visible.length < found.length) witnessOf(world).stale('cloudtrail', 'LookupEvents');
  const end = start + MaxResults;
  return {
    Events: visible.slice(start, end).map((event) => describe(event, account)),
    ...(end < visible.length ? { NextToken: tokenOf(input, { start: end, asOf }) } : {}),
  };
}

function filterOf(attributes: NonNullable<LookupEventsRequest['LookupAttributes']>) {
  const [attribute] = attributes;
  const key = attribute?.AttributeKey ?? '';
  const matches = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (!attribute || !matches) return () => true;
  return (event: TrailEvent) => matches(event, attribute.AttributeValue ?? '');
}

interface Position {
  readonly start: number;
  /** The moment of the first page: what comes meanwhile shifts nothing. */
  readonly asOf: number;
}

/** A token continues the very question that it came from. */
function positionOf(input: LookupEventsRequest, now: number): Position {
  if (input.NextToken === undefined) return { start: 0, asOf: now };
  const [position = '', question] = Buffer.from(input.NextToken, 'base64').toString().split('|');
  const [start, asOf] = position.split(',').map(Number);
  if (start === undefined || asOf === undefined || question !== questionOf(input))
    throw new AwsError('InvalidNextTokenException', 'Invalid token: it belongs to another request.');
  return { start, asOf };
}

function tokenOf(input: LookupEventsRequest, { start, asOf }: Position): string {
  return Buffer.from(`${start},${asOf}|${questionOf(input)}`).toString('base64');
}

function questionOf({ LookupAttributes, StartTime, EndTime }: LookupEventsRequest): string {
  return JSON.stringify([LookupAttributes, StartTime?.getTime(), EndTime?.getTime()]);
}

function describe(event: TrailEvent, account: string): Event {
  const { id, name, time, readOnly, accessKeyId, username, source, resources, record } = event;
  const whole = {
    eventVersion: '1.11',
    ...record,
    eventTime: wholeSeconds(time).toISOString().replace('.000', ''),
    eventSource: source,
    eventName: name,
    eventID: id,
    readOnly,
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  };
  return {
    EventId: id,
    EventName: name,
    ReadOnly: String(readOnly),
    ...(accessKeyId === undefined ? {} : { AccessKeyId: accessKeyId }),
    EventTime: wholeSeconds(time),
    EventSource: source,
    ...(username === undefined ? {} : { Username: username }),
    Resources: resources.map(({ type, name: ResourceName }) => ({ ResourceType: type, ResourceName })),
    CloudTrailEvent: JSON.stringify(whole),
  };
}

const wholeSeconds = (time: number) => new Date(Math.floor(time / 1_000) * 1_000);
