import type { Pluggable } from '@smithy/types';

/**
 * Middleware that says nothing of the text of an answer that cannot be read: it may have a secret in it, which the
 * error of a parser repeats, in its message and in the response that the SDK hangs on it. What AWS itself refuses has a
 * `$fault` and passes.
 */
export const unreadableAnswers: Pluggable<object, object> = {
  applyToStack: (stack) =>
    stack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (cause) {
          if (!isUnreadable(cause)) throw cause;
          const error = new SyntaxError('the answer cannot be read');
          throw Object.assign(error, { $metadata: cause.$metadata });
        }
      },
      { name: 'unreadableAnswers', step: 'deserialize', priority: 'high', override: true },
    ),
};

function isUnreadable(cause: unknown): cause is { readonly $metadata: unknown } {
  return typeof cause === 'object' && cause !== null && '$response' in cause && !('$fault' in cause);
}
