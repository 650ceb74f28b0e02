import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { ambientConfig } from './ambient-config.ts';
import { callerIdentity } from './caller-identity.ts';

/** Who a person at a terminal is, by AWS's own word. */
export function ambientIdentity(region: string): Promise<CallerIdentity> {
  return callerIdentity({ clientConfig: () => ambientConfig(region) }, 'read');
}
