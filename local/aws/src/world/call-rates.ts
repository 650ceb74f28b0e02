import { type Bucket, bucketsOf } from './buckets.ts';
import type { RecordedCall } from './calls.ts';

/** How hard one account and region was asked of one bucket. */
export interface CallRate {
  readonly account: string;
  readonly region: string;
  /** As AWS's page names it; what has no published bucket goes by its service: `elasticloadbalancing`. */
  readonly bucket: string;
  /** Requests, repeated ones included. */
  readonly requests: number;
  /** The most requests within any virtual second, and within any ten. */
  readonly mostPerSecond: number;
  readonly mostPerTenSeconds: number;
  readonly published: Pick<Bucket, 'burst' | 'sustained'> | undefined;
}

/** Counts calls by bucket, the busiest first. */
export function callRates(calls: readonly RecordedCall[]): readonly CallRate[] {
  const groups = Map.groupBy(calls, ({ account, region, service, operation }) =>
    JSON.stringify([account, region, bucketOf(service, operation)?.name ?? service]),
  );
  return [...groups]
    .map(([key, group]) => rateOf(key, group))
    .sort((a, b) => b.requests - a.requests || (a.bucket < b.bucket ? -1 : 1));
}

function rateOf(key: string, group: readonly RecordedCall[]): CallRate {
  const [account, region, bucket] = JSON.parse(key) as [string, string, string]; // written above
  const times = group.flatMap((call) => call.times).sort((a, b) => a - b);
  const [first] = group;
  return {
    account,
    region,
    bucket,
    requests: times.length,
    mostPerSecond: mostWithin(times, 1_000),
    mostPerTenSeconds: mostWithin(times, 10_000),
    published: first && bucketOf(first.service, first.operation),
  };
}

/** `times` in order; a window holds its beginning and not its end. */
function mostWithin(times: readonly number[], window: number): number {
  let from = 0;
  let most = 0;
  times.forEach((time, index) => {
    while (time - (times[from] ?? time) >= window) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

/** The bucket of the operation's own; a bucket of the whole account says nothing of who fills it. */
function bucketOf(service: string, operation: string): Bucket | undefined {
  return bucketsOf({ service, operation, narrowed: true })[0];
}
