import { bucketOf } from './buckets.ts';
import type { VirtualClock } from './clock.ts';

/** One request, as far as throttling looks at it. */
export interface Metered {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** Lets requests through as AWS does, once that is wanted. */
export interface Throttling {
  enforce(): void;
  /** Takes a token for one request; false where its bucket is empty. */
  admits(request: Metered): boolean;
}

/** Buckets are full at first, and fill up in virtual time. What has no published bucket is never held back. */
export function throttling(clock: Pick<VirtualClock, 'now'>): Throttling {
  const levels = new Map<string, { tokens: number; at: number }>();
  let enforced = false;
  return {
    enforce: () => {
      enforced = true;
    },
    admits: ({ service, operation, account, region }) => {
      const bucket = enforced ? bucketOf(service, operation) : undefined;
      if (!bucket) return true;
      const key = `${account}/${region}/${bucket.name}`;
      const now = clock.now();
      const before = levels.get(key) ?? { tokens: bucket.burst, at: now };
      const back = ((now - before.at) / 1_000) * bucket.sustained;
      const tokens = Math.min(bucket.burst, before.tokens + back);
      const admitted = tokens >= 1;
      levels.set(key, { tokens: admitted ? tokens - 1 : tokens, at: now });
      return admitted;
    },
  };
}
