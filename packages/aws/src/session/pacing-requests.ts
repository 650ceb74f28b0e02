import type { FinalizeRequestMiddleware, Pluggable } from '@smithy/types';
import type { Pace } from '@tenant-delivery/action-kit/call-pace';

/**
 * Middleware that makes each request wait for its turn. It runs below the SDK's retries, so every try waits, and above
 * the signer, so nothing is signed too early. `bucketOf` picks the rate by the SDK's names, such as `CloudTrail` and
 * `LookupEvents`.
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
