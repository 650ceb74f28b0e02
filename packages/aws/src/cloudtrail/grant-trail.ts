import type { GrantTrail, GrantUse } from '@tenant-delivery/break-glass/ports';
import type { ClientConfig } from '../session/client-config.ts';
import { globalRegion, lookUp, type TrailEvent } from './events.ts';

/** What CloudTrail knows about a role's sessions of one name, in the region and in the region that has IAM's events. */
export function grantTrail(config: ClientConfig, roleArn: string): GrantTrail {
  return {
    uses: async (grant, since) => {
      const regions = new Set([config.region, globalRegion(config.region)]);
      const asked = [...regions].map((region) => lookUp(config, region, ['Username', grant], since));
      const found = await Promise.all(asked);
      return {
        told: found.flatMap(({ events }) => events.flatMap((event) => useIn(event, roleArn))),
        whole: found.every(({ whole }) => whole),
      };
    },
  };
}

/** Sessions of other roles may have the same name. */
function useIn({ at, record, ...event }: TrailEvent, roleArn: string): readonly GrantUse[] {
  if (record.userIdentity?.sessionContext?.sessionIssuer?.arn !== roleArn) return [];
  const service = event.EventSource ?? 'a service that CloudTrail does not tell';
  return [
    {
      at,
      call: `${service} ${event.EventName ?? 'something'}`,
      // an event that does not say it only reads may have changed something
      writes: event.ReadOnly !== 'true',
      refused: record.errorCode !== undefined,
    },
  ];
}
