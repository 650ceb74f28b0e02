import type { KeyCreation, KeyUse, Trail } from '@tenant-delivery/credentials/iam-access-key/ports';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { globalRegion, lookUpEvents, type TrailEvent } from './events.ts';

/** Who made which key, from every CreateAccessKey event that CloudTrail has. */
interface Creations {
  creations(): Promise<ReadonlyMap<string, KeyCreation>>;
}

/** What CloudTrail knows about keys. IAM's events are in the partition's global region; uses are in the region where they happened. */
export function keyTrail(config: ClientConfig, regions: readonly string[]): Trail & Creations {
  const global = globalRegion(config.region);
  const made = async () => {
    const events = await lookUpEvents(config, global, ['EventName', 'CreateAccessKey']);
    return events.map((event) => [event.record.responseElements?.accessKey?.accessKeyId, event] as const);
  };
  return {
    creation: async (keyId) => {
      const [, found] = (await made()).find(([id]) => id === keyId) ?? [];
      return found && creationIn(found);
    },
    creations: async () =>
      new Map(
        (await made()).flatMap(([id, event]) => (id === undefined ? [] : [[id, creationIn(event)] as const])),
      ),
    uses: async (keyId, since) => {
      const asked = [...new Set([...regions, global])].map(async (region) =>
        (await lookUpEvents(config, region, ['AccessKeyId', keyId], since)).map((event) =>
          useIn(event, region),
        ),
      );
      return (await Promise.all(asked)).flat().filter(({ at }) => at >= since);
    },
  };
}

function creationIn({ at, record }: TrailEvent): KeyCreation {
  return {
    at,
    by: required(record.userIdentity?.arn, 'userIdentity.arn'),
    sourceAddress: record.sourceIPAddress ?? 'an address that CloudTrail does not tell',
  };
}

function useIn({ at, EventSource, record }: TrailEvent, region: string): KeyUse {
  return {
    at,
    service: EventSource ?? 'a service that CloudTrail does not tell',
    region,
    sourceAddress: record.sourceIPAddress ?? 'unknown',
    userAgent: (record.userAgent ?? 'unknown').slice(0, 80),
  };
}
