import { StandardRetryStrategy } from '@smithy/core/retry';

const ATTEMPTS = 6; // about 15 s of waiting when throttled without end
const SLOWEST = 20_000; // milliseconds; the SDK's own limit of one wait

/** Temporary credentials of one role. `expiration` makes the SDK ask again in time. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What every client of one session has in common. */
export interface ClientBase {
  readonly region: string;
  /** An account of local-aws: the only ones for which endpoints other than AWS's own are followed, also those of a file. */
  readonly local: boolean;
  /** How many times faster than the machine's clock the waits between tries are. */
  readonly scale: number;
  /** Says in CloudTrail which run asked. */
  readonly userAgent: string;
}

/**
 * The configuration of an AWS client. Which endpoints are followed: own-endpoints.ts.
 * `attempts: 1` for a request that must not be sent twice.
 */
export function clientConfig(
  { region, local, scale, userAgent }: ClientBase,
  credentials: () => Promise<Credentials>,
  attempts: number = ATTEMPTS,
) {
  return {
    region,
    credentials,
    customUserAgent: userAgent,
    maxAttempts: attempts,
    ignoreConfiguredEndpointUrls: !local,
    retryStrategy: retryStrategy(attempts, scale),
  };
}

/**
 * The SDK's standard strategy (retry quota, longer waits when throttled) with waits that a local clock shortens.
 * It never repeats a request that AWS denied or found invalid.
 */
export function retryStrategy(attempts: number, scale: number): StandardRetryStrategy {
  let base = 50;
  return new StandardRetryStrategy({
    maxAttempts: attempts,
    backoff: {
      setDelayBase: (milliseconds) => {
        base = milliseconds;
      },
      computeNextBackoffDelay: (tries) => (Math.random() * Math.min(base * 2 ** tries, SLOWEST)) / scale,
    },
  });
}
