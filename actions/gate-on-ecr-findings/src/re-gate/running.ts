import type { Counts } from '@tenant-delivery/delivery/kept-issue';
import { DAY, type Digest } from '@tenant-delivery/domain';
import type { DecidedRow } from '@tenant-delivery/findings/decide-rows';
import type { Policy } from '@tenant-delivery/findings/policy';
import type { Judgement } from '@tenant-delivery/findings/verdict';

/** An image that tasks of a service run now, judged by what is known of it today. */
export interface RunningImage {
  readonly digest: Digest;
  readonly tasks: number;
  readonly judgement: Judgement;
  readonly policy: Policy;
}

/** What one service runs. */
export interface RunningService {
  readonly service: string;
  readonly images: readonly RunningImage[];
  /** What could not be observed, a sentence each. It is never taken for clean. */
  readonly unknown: readonly string[];
  /** What a reader should know beside that. */
  readonly notes: readonly string[];
}

export function countsOf(services: readonly RunningService[]): Counts {
  const images = services.flatMap((service) => service.images);
  return {
    deciding: images.reduce((sum, { judgement }) => sum + judgement.blocking.length, 0),
    unknown: services.reduce((sum, { unknown }) => sum + unknown.length, 0),
  };
}

/**
 * How old a finding is, and how long the policy still allows it, in whole days; absent if nobody knows when it was first
 * seen.
 */
export interface Age {
  readonly days: number;
  /** Days until its deadline; below 0 since it. */
  readonly left: number;
}

export function ageOf({ finding }: DecidedRow, policy: Policy, now: number): Age | undefined {
  const first = Date.parse(finding.firstObservedAt ?? '');
  if (Number.isNaN(first)) return undefined;
  const deadline = first + policy.rules[finding.severity].graceDays * DAY;
  return { days: Math.floor((now - first) / DAY), left: Math.ceil((deadline - now) / DAY) };
}
