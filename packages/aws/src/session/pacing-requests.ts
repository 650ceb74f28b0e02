import type { FinalizeRequestMiddleware, Pluggable } from '@smithy/types';
import type { Pace } from '@tenant-delivery/action-kit/call-pace';

/**
 * Middleware that lets each request wait for its turn. It sits below the SDK's retries, so that every try waits, and
 * above the signer, so that nothing is signed before its turn. `bucketOf` says whose rate counts, by the names that the
 * SDK has: `CloudTrail`, `LookupEvents`.
 */
export function pacingRequests(
  pace: Pace,
  bucketOf: (service: string, operation: string) => string,
): Pluggable<object, object> {
  const inTurn: FinalizeRequestMiddleware<object, object> =
    (next, { clientName = '', commandName = '' }) =>
    (args) =>
      pace(bucketOf(clientName.replace(/Client$/, ''), commandName.replace(/Command$/, '')), () =>
        next(args),
      );
  return {
    applyToStack: (stack) =>
      stack.addRelativeTo(inTurn, {
        name: 'pacingRequests',
        relation: 'after',
        toMiddleware: 'retryMiddleware',
        override: true,
      }),
  };
}
