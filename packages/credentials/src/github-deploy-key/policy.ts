import { DAY } from '@tenant-delivery/domain';
import type { RotationPolicy } from '@tenant-delivery/rotation/policy';
import type { Access } from './ports.ts';

/** What is agreed about one deploy key. */
export interface GithubDeployKeyPolicy extends RotationPolicy {
  /** What a new key may do. */
  readonly access: Access;
}

export const GITHUB_DEPLOY_KEY_TIMES = {
  maxAge: 180 * DAY,
  grace: 7 * DAY,
  noUse: DAY,
  drainDeadline: 14 * DAY,
  probeEvery: DAY,
} as const;

/** How long consumers are watched after a leaked key was deleted. It is never added again. */
export const AFTERMATH = DAY;
