import type { Verdict } from '@tenant-delivery/isolation/check';

/** What a look at what was made found. */
export interface Finding {
  readonly check: string;
  readonly result: 'pass' | 'fail' | 'unknown';
  readonly observed: string;
  readonly remedy: string;
}

export function findingOf(check: string, verdict: Verdict): Finding {
  return {
    check,
    result: verdict.result,
    observed: verdict.observed,
    remedy:
      verdict.result === 'fail' ? verdict.remedy : verdict.result === 'unknown' ? 'Look again later.' : '',
  };
}
