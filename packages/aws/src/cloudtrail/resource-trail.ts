import type { ClientConfig } from '../session/client-config.ts';
import { globalRegion, lookUpEvents } from './events.ts';

/** Who changed a resource last, by its id: in its region, and in the one that has the events of global services. */
export function resourceTrail(config: ClientConfig, region: string) {
  return {
    lastChange: async (id: string) => {
      const regions = [...new Set([region, globalRegion(region)])];
      const found = await Promise.all(
        regions.map((each) => lookUpEvents(config, each, ['ResourceName', id])),
      );
      const [last] = found
        .flat()
        .filter(({ ReadOnly, record }) => ReadOnly !== 'true' && record.errorCode === undefined)
        .toSorted((a, b) => b.at - a.at);
      return (
        last && {
          at: last.at,
          by: last.record.userIdentity?.arn ?? 'somebody whom CloudTrail does not name',
          call: `${last.EventSource ?? 'a service'} ${last.EventName ?? 'something'}`,
        }
      );
    },
  };
}
