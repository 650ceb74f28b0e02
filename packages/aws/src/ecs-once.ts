import { ECSClient } from '@aws-sdk/client-ecs';
import type { clientConfig } from './client-config.ts';

/**
 * A client for requests that may take effect once only: it repeats what ECS refused as too frequent, which is certain
 * not to have been done, and nothing else. A lost answer comes back as an error, to be looked into.
 */
export function ecsOnce(config: ReturnType<typeof clientConfig>): ECSClient {
  const strategy = config.retryStrategy;
  return new ECSClient({
    ...config,
    retryStrategy: {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      recordSuccess: (token) => strategy.recordSuccess(token),
      refreshRetryTokenForRetry: async (token, info) => {
        if (info.errorType !== 'THROTTLING') throw new Error('not repeated: it may have taken effect');
        return strategy.refreshRetryTokenForRetry(token, info);
      },
    },
  });
}
