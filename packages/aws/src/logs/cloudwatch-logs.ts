import type { JsonService } from '../by-hand/signed-call.ts';

/** CloudWatch Logs by hand: two lookups ("Amazon CloudWatch Logs endpoints and quotas"). */
export const CLOUDWATCH_LOGS: JsonService = {
  name: 'logs',
  variable: 'CLOUDWATCH_LOGS',
  target: 'Logs_20140328',
  version: '1.1',
};
