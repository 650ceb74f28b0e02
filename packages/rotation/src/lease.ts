import { MINUTE } from '@tenant-delivery/domain';

/** How long a claim keeps others from acting. Longer than any call may take. */
export const LEASE = 5 * MINUTE;
