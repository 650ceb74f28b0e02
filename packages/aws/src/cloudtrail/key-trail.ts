import type { KeyCreation, KeyUse, Trail } from '@tenant-delivery/credentials/iam-access-key/ports';
import type { Json } from '@tenant-delivery/domain';
import { numberIn, objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { endpointOf } from '../by-hand/service-endpoint.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const CLOUDTRAIL = {
  name: 'cloudtrail',
  variable: 'CLOUDTRAIL',
  target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  version: '1.1',
} as const;
const MOST_PAGES = 6; // of fifty events: two requests a second are allowed in an account and region

/** Who made which key, by all events of making one that CloudTrail has. */
interface Creations {
  creations(): Promise<ReadonlyMap<string, KeyCreation>>;
}

/** What CloudTrail knows of keys. Events of IAM are in the partition's global region, uses in each region of their own. */
export function keyTrail(
  config: ReturnType<typeof clientConfig>,
  regions: readonly string[],
): Trail & Creations {
  const global = endpointOf({ name: 'iam', variable: 'IAM', global: true }, config.region, false, {}).region;
  const events = (region: string, attribute: readonly [string, string], since?: number) =>
    lookUpEvents(config, region, attribute, since);
  const made = async () =>
    (await events(global, ['EventName', 'CreateAccessKey'])).map((event) => {
      const record = recordIn(event);
      const key = objectIn(objectIn(record, 'responseElements') ?? {}, 'accessKey') ?? {};
      return { keyId: textIn(key, 'accessKeyId'), event, record };
    });
  return {
    creation: async (keyId) => {
      const found = (await made()).find((one) => one.keyId === keyId);
      return found && creationIn(found);
    },
    creations: async () => {
      const known = (await made()).flatMap((one) =>
        one.keyId === undefined ? [] : [[one.keyId, creationIn(one)] as const],
      );
      return new Map(known);
    },
    uses: async (keyId, since) => {
      const asked = [...new Set([...regions, global])].map(async (region) =>
        (await events(region, ['AccessKeyId', keyId], since)).map((event) => useIn(event, region)),
      );
      return (await Promise.all(asked)).flat().filter(({ at }) => at >= since);
    },
  };
}

/** Management events with this attribute, the newest first: as many as are worth asking for. */
export async function lookUpEvents(...asked: Parameters<typeof lookUp>): Promise<readonly Json[]> {
  return (await lookUp(...asked)).events;
}

/** The same; `whole`: there are no earlier ones. */
export async function lookUp(
  config: ReturnType<typeof clientConfig>,
  region: string,
  [AttributeKey, AttributeValue]: readonly [string, string],
  since?: number,
): Promise<{ readonly events: readonly Json[]; readonly whole: boolean }> {
  const call = jsonCaller(CLOUDTRAIL, { ...config, region });
  const events: Json[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const asked = call('LookupEvents', {
      LookupAttributes: [{ AttributeKey, AttributeValue }],
      ...(since !== undefined && { StartTime: Math.floor(since / 1000) }),
      ...(token !== undefined && { NextToken: token }),
    });
    const answer = await translated('cloudtrail:LookupEvents', asked);
    events.push(...(objectsIn(answer, 'Events') ?? []));
    token = textIn(answer, 'NextToken');
    if (token === undefined) break;
  }
  return { events, whole: token === undefined };
}

function creationIn({ event, record }: { readonly event: Json; readonly record: Json }): KeyCreation {
  const by = textIn(objectIn(record, 'userIdentity') ?? {}, 'arn');
  return {
    at: timeOf(event),
    by: required(by, 'userIdentity.arn'),
    sourceAddress: textIn(record, 'sourceIPAddress') ?? 'an address that CloudTrail does not tell',
  };
}

function useIn(event: Json, region: string): KeyUse {
  const record = recordIn(event);
  return {
    at: timeOf(event),
    service: textIn(event, 'EventSource') ?? 'a service that CloudTrail does not tell',
    region,
    sourceAddress: textIn(record, 'sourceIPAddress') ?? 'unknown',
    userAgent: (textIn(record, 'userAgent') ?? 'unknown').slice(0, 80),
  };
}

/** The event as CloudTrail stores it: JSON in a text. */
export function recordIn(event: Json): Json {
  return JSON.parse(required(textIn(event, 'CloudTrailEvent'), 'CloudTrailEvent'));
}

export function timeOf(event: Json): number {
  return required(numberIn(event, 'EventTime'), 'EventTime') * 1000;
}
