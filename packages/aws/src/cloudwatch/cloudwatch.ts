import type { JsonService } from '../by-hand/signed-call.ts';

/** CloudWatch by hand: two lookups, whose client would be larger than the action ("Amazon CloudWatch endpoints and quotas"). */
export const CLOUDWATCH: JsonService = {
  name: 'monitoring',
  variable: 'CLOUDWATCH',
  target: 'GraniteServiceVersion20100801',
  version: '1.0',
};
