import type { Event, LookupAttributeKey, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { PARTITIONS, partitionOf } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';
import { type EventRecord, recordIn } from './event-record.ts';

const MOST_PAGES = 6; // of fifty events each; CloudTrail allows two requests a second in an account and region

/** A management event: what CloudTrail says of it, and its record. */
export interface TrailEvent extends Pick<Event, 'EventName' | 'EventSource' | 'ReadOnly'> {
  /** Milliseconds since the epoch, in whole seconds. */
  readonly at: number;
  readonly record: EventRecord;
}

/** The region that has IAM's events, in the partition of this region ("CloudTrail concepts", global service events). */
export function globalRegion(region: string): string {
  return PARTITIONS[partitionOf(region)].global;
}

type Attribute = readonly [key: LookupAttributeKey, value: string];

/** The newest management events with this attribute, newest first, at most MOST_PAGES pages of them. */
export async function lookUpEvents(...asked: Parameters<typeof lookUp>): Promise<readonly TrailEvent[]> {
  return (await lookUp(...asked)).events;
}

/** The same. `whole`: there are no older ones. */
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
