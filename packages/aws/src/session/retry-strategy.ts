import { setTimeout as timer } from 'node:timers/promises';
import { StandardRetryStrategy } from '@smithy/core/retry';

const SLOWEST = 20_000; // milliseconds; the SDK's own limit of one wait
const THROTTLED_FOR = 60_000; // milliseconds of waiting, at least, before a request that comes too often is given up
const FIRST_WAIT = 1_000; // of a throttled request; doubles each time
const LONGEST_WAIT = 10_000;

/** How often a request was sent and how long it has waited for its turn. */
interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost?(): number | undefined;
  /** Milliseconds of the service's clock. */
  readonly throttledFor?: number;
}

type RetryInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1];

/** As the SDK's clients take it. */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  refreshRetryTokenForRetry(token: RetryToken, info: RetryInfo): Promise<RetryToken>;
  recordSuccess(token: RetryToken): void;
}

/**
 * The SDK's standard strategy with waits that a local clock shortens, and a longer breath where a request came too
 * often: AWS's buckets are shared by everybody in an account and refill by one or a few a second, so such a request
 * waits its turn for a minute at least, with jitter so that those who were refused together do not come back together.
 * A throttled request is certain not to have taken effect. One that AWS denied or found invalid is never repeated.
 */
export function retryStrategy(
  attempts: number,
  scale: number,
  turnAfter: (milliseconds: number) => Promise<void> = (milliseconds) => timer(milliseconds / scale),
): RetryStrategy {
  let base = 50;
  const standard = new StandardRetryStrategy({
    maxAttempts: attempts,
    backoff: {
      setDelayBase: (milliseconds) => {
        base = milliseconds;
      },
      computeNextBackoffDelay: (tries) => (Math.random() * Math.min(base * 2 ** tries, SLOWEST)) / scale,
    },
  });
  return {
    acquireInitialRetryToken: (scope) => standard.acquireInitialRetryToken(scope),
    recordSuccess: (token) => standard.recordSuccess(costed(token)),
    refreshRetryTokenForRetry: async (token, info) => {
      const waited = token.throttledFor ?? 0;
      if (attempts === 1 || info.errorType !== 'THROTTLING') {
        const next = await standard.refreshRetryTokenForRetry(costed(token), info);
        return Object.assign(next, { throttledFor: waited });
      }
      if (waited >= THROTTLED_FOR) throw new Error('throttled for too long');
      const tries = token.getRetryCount();
      const longest = Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT);
      const wait = longest / 2 + (Math.random() * longest) / 2;
      await turnAfter(wait);
      return {
        getRetryCount: () => tries + 1,
        getRetryCost: () => 0,
        getRetryDelay: () => 0,
        throttledFor: waited + wait,
      };
    },
  };
}

/**
 * The same for requests that are refused under one of these names at once: the SDK takes every limit for one that passes
 * in a moment, and a limit of a day does not.
 */
export function notRepeating(strategy: RetryStrategy, names: readonly string[]): RetryStrategy {
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    recordSuccess: (token) => strategy.recordSuccess(token),
    refreshRetryTokenForRetry: async (token, info) => {
      const { error } = info as { readonly error?: { readonly name?: string } }; // which the strategy's type leaves out
      if (error?.name !== undefined && names.includes(error.name)) throw error;
      return strategy.refreshRetryTokenForRetry(token, info);
    },
  };
}

/**
 * The same for requests that may take effect once only: it repeats what AWS refused as too frequent, which is certain
 * not to have been done, and nothing else.
 */
export function onlyThrottled(strategy: RetryStrategy): RetryStrategy {
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    recordSuccess: (token) => strategy.recordSuccess(token),
    refreshRetryTokenForRetry: async (token, info) => {
      if (info.errorType !== 'THROTTLING') throw new Error('not repeated: it may have taken effect');
      return strategy.refreshRetryTokenForRetry(token, info);
    },
  };
}

/** The SDK's types leave the cost out of the tokens that its clients hand back. */
function costed(token: RetryToken) {
  return {
    getRetryCount: () => token.getRetryCount(),
    getRetryDelay: () => token.getRetryDelay(),
    getRetryCost: () => token.getRetryCost?.(),
  };
}
