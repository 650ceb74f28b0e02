import { lookupEvents } from '../cloudtrail/lookup.ts';
import { trailRules } from '../cloudtrail/rules.ts';
import type { Service } from '../world/service.ts';

export { eventsOf, setTrailDelay, type TrailEvent } from '../cloudtrail/trail.ts';

/** CloudTrail as far as looking up management events: late, paged, of one region. */
export const cloudtrail: Service = {
  name: 'cloudtrail',
  sdk: '@aws-sdk/client-cloudtrail',
  operations: { LookupEvents: lookupEvents },
  rules: trailRules,
};
