import { DAY } from '@tenant-delivery/domain';
import { agreedDays } from '../agreed-days.ts';
import type { CredentialOf } from '../credential.ts';
import { DEFAULT_PULL_THROUGH_POLICY, type PullThroughPolicy } from './policy.ts';

/** What is agreed about the credential of an upstream registry, as its rotation uses it. */
export function agreedPullThrough({
  maxAgeDays,
  drainDays,
  secret,
  prefix,
}: CredentialOf<'pull-through'>): PullThroughPolicy {
  return {
    ...DEFAULT_PULL_THROUGH_POLICY,
    ...agreedDays({ maxAgeDays }),
    ...(drainDays !== undefined && { drain: drainDays * DAY }),
    secret,
    prefix,
  };
}
