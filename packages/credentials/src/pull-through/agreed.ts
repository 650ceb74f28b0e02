import { DAY } from '@tenant-delivery/domain';
import { agreedDays } from '../agreed-days.ts';
import { DEFAULT_PULL_THROUGH_POLICY, type PullThroughPolicy } from './policy.ts';
import type { PullThrough } from './terms.ts';

/** What is agreed about the credential of an upstream registry, as its rotation uses it. */
export function agreedPullThrough({ maxAgeDays, drainDays, secret, prefix }: PullThrough): PullThroughPolicy {
  return {
    ...DEFAULT_PULL_THROUGH_POLICY,
    ...agreedDays({ maxAgeDays }),
    ...(drainDays !== undefined && { drain: drainDays * DAY }),
    secret,
    prefix,
  };
}
