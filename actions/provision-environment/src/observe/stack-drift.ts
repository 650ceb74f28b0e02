import type { Counts } from '@tenant-delivery/delivery/kept-issue';

/** One resource or document that is not as it was approved. */
export interface Difference {
  /** `Vpc`, or `the template`. */
  readonly what: string;
  readonly id: string | null;
  readonly sentence: string;
  /** Who changed it, when and by which call, as far as CloudTrail knows. */
  readonly by: { readonly who: string; readonly call: string; readonly at: string } | null;
}

/** Where a repository is, in the place of a stack's region. */
export const GITHUB = 'GitHub';

/** What one stack, or a repository at GitHub, is compared with what was approved. */
export interface StackDrift {
  readonly stack: string;
  readonly region: string;
  readonly differences: readonly Difference[];
  /** What could not be observed, a sentence each. It is never taken for clean. */
  readonly unknown: readonly string[];
  /** What no run can see with the rights that it has, a sentence each. It is said each time, and opens no issue. */
  readonly notSeen: readonly string[];
}

export function countsOf(stacks: readonly StackDrift[]): Counts {
  return {
    deciding: stacks.reduce((sum, { differences }) => sum + differences.length, 0),
    unknown: stacks.reduce((sum, { unknown }) => sum + unknown.length, 0),
  };
}
