import { DAY, MINUTE } from '@tenant-delivery/domain';
import type { RotationPolicy } from '@tenant-delivery/rotation/policy';

/** What is agreed about one access key. */
export interface IamAccessKeyPolicy extends RotationPolicy {
  /** The fingerprint of an unknown Inactive key that an operator says may be deleted. */
  readonly resolve?: string | undefined;
}

export const DEFAULT_POLICY: IamAccessKeyPolicy = {
  maxAge: 60 * DAY,
  grace: 7 * DAY,
  noUse: DAY,
  drainDeadline: 14 * DAY,
  probeEvery: DAY,
};

/** How long a leaked key is kept Inactive, for those who look into the leak. */
export const FORENSICS = 30 * DAY;
/** A second use this soon after a recorded one is not recorded. */
export const COARSE = 15 * MINUTE;
/** How late CloudTrail may be before people are asked. */
export const TRAIL_PATIENCE = 30 * MINUTE;
