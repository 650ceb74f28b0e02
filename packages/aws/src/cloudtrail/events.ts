import type { Event, LookupAttributeKey, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { partitionOf } from '@tenant-delivery/tenancy/derived-names';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';
import { type EventRecord, recordIn } from './event-record.ts';

/** Where a partition has the events of its global services ("CloudTrail concepts", global service events). */
const GLOBAL = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' } as const;
const MOST_PAGES = 6; // of fifty events: two requests a second are allowed in an account and region

/** A management event: what CloudTrail says of it, and its record. */
export interface TrailEvent extends Pick<Event, 'EventName' | 'EventSource' | 'ReadOnly'> {
  /** Milliseconds since the epoch, in whole seconds. */
  readonly at: number;
  readonly record: EventRecord;
}

/** Where the events of IAM are, as a region's partition has them. */
export function globalRegion(region: string): string {
  return GLOBAL[partitionOf(region)];
}

type Attribute = readonly [key: LookupAttributeKey, value: string];

/** Management events with this attribute, the newest first: as many as are worth asking for. */
export async function lookUpEvents(...asked: Parameters<typeof lookUp>): Promise<readonly TrailEvent[]> {
  return (await lookUp(...asked)).events;
}

/** The same; `whole`: there are no earlier ones. */
export async function lookUp(
  config: ClientConfig,
  region: string,
  [AttributeKey, AttributeValue]: Attribute,
  since?: number,
): Promise<{ readonly events: readonly TrailEvent[]; readonly whole: boolean }> {
  const cloudtrail = lazyClient(
    () => import('./cloudtrail-sdk.ts'),
    (sdk) => sdk.CloudTrailClient,
    { ...config, region },
  );
  const asked = {
    LookupAttributes: [{ AttributeKey, AttributeValue }],
    ...(since !== undefined && { StartTime: new Date(Math.floor(since / 1000) * 1000) }),
  };
  const pages = cloudtrail.pages((sdk, client) => sdk.paginateLookupEvents({ client }, asked));
  const found = await translated('cloudtrail:LookupEvents', newestIn(pages));
  return found;
}

async function newestIn(pages: AsyncIterable<LookupEventsResponse>) {
  const events: TrailEvent[] = [];
  let read = 0;
  for await (const { Events = [], NextToken } of pages) {
    events.push(...Events.map(eventOf));
    read += 1;
    if (read === MOST_PAGES && NextToken !== undefined) return { events, whole: false };
  }
  return { events, whole: true };
}

function eventOf(event: Event): TrailEvent {
  return {
    EventName: event.EventName,
    EventSource: event.EventSource,
    ReadOnly: event.ReadOnly,
    at: required(event.EventTime, 'EventTime').getTime(),
    record: recordIn(required(event.CloudTrailEvent, 'CloudTrailEvent')),
  };
}
