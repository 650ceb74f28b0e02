import type { GrantTrail, GrantUse } from '@tenant-delivery/break-glass/ports';
import type { Json } from '@tenant-delivery/domain';
import { objectIn, textIn } from '../by-hand/json-answer.ts';
import { endpointOf } from '../by-hand/service-endpoint.ts';
import type { clientConfig } from '../session/client-config.ts';
import { lookUp, recordIn, timeOf } from './key-trail.ts';

/** What CloudTrail knows of sessions of a role by their name, in the region and in that of IAM's events. */
export function grantTrail(config: ReturnType<typeof clientConfig>, roleArn: string): GrantTrail {
  const global = endpointOf({ name: 'iam', variable: 'IAM', global: true }, config.region, false, {}).region;
  return {
    uses: async (grant, since) => {
      const regions = [...new Set([config.region, global])];
      const asked = regions.map((region) => lookUp(config, region, ['Username', grant], since));
      const found = await Promise.all(asked);
      return {
        told: found.flatMap(({ events }) => events.flatMap((event) => useIn(event, roleArn))),
        whole: found.every(({ whole }) => whole),
      };
    },
  };
}

/** Sessions of other roles may have the same name. */
function useIn(event: Json, roleArn: string): readonly GrantUse[] {
  const record = recordIn(event);
  const session = objectIn(objectIn(record, 'userIdentity') ?? {}, 'sessionContext') ?? {};
  if (textIn(objectIn(session, 'sessionIssuer') ?? {}, 'arn') !== roleArn) return [];
  const service = textIn(event, 'EventSource') ?? 'a service that CloudTrail does not tell';
  return [
    {
      at: timeOf(event),
      call: `${service} ${textIn(event, 'EventName') ?? 'something'}`,
      // what does not say that it only reads may have changed something
      writes: textIn(event, 'ReadOnly') !== 'true',
      refused: textIn(record, 'errorCode') !== undefined,
    },
  ];
}
