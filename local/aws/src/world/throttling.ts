import { type Bucket, bucketsOf, type Rated } from './buckets.ts';
import type { VirtualClock } from './clock.ts';

/** One request, as far as throttling looks at it. */
export interface Metered extends Rated {
  readonly account: string;
  readonly region: string;
}

/** Lets requests through as AWS does, once that is wanted. */
export interface Throttling {
  enforce(): void;
  /** Takes a token for one request from each of its buckets; answers one that is empty, and takes none then. */
  emptyFor(request: Metered): Bucket | undefined;
}

/** Buckets are full at first, and fill up in virtual time. What has no published bucket is never held back. */
export function throttling(clock: Pick<VirtualClock, 'now'>): Throttling {
  const levels = new Map<string, { tokens: number; at: number }>();
  let enforced = false;
  return {
    enforce: () => {
      enforced = true;
    },
    emptyFor: ({ account, region, ...rated }) => {
      if (!enforced) return undefined;
      const now = clock.now();
      const drawn = bucketsOf(rated).map((bucket) => {
        const key = `${account}/${region}/${bucket.service}/${bucket.name}`;
        const before = levels.get(key) ?? { tokens: bucket.burst, at: now };
        const back = ((now - before.at) / 1_000) * bucket.sustained;
        return { key, bucket, tokens: Math.min(bucket.burst, before.tokens + back) };
      });
      const empty = drawn.find(({ tokens }) => tokens < 1)?.bucket;
      for (const { key, tokens } of drawn) levels.set(key, { tokens: empty ? tokens : tokens - 1, at: now });
      return empty;
    },
  };
}
