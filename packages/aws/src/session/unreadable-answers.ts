import type { Pluggable } from '@smithy/types';

/**
 * Middleware that keeps the text of an unreadable answer out of errors, because the text may hold a secret. A parser's
 * error repeats the text in its message, and the SDK attaches the whole response to it. AWS's own errors have a `$fault`
 * and pass unchanged.
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

/** One that broke off on its way has a `code` of Node's, by which the client asks again. */
function isUnreadable(cause: unknown): cause is { readonly $metadata: unknown } {
  if (typeof cause !== 'object' || cause === null || '$fault' in cause) return false;
  return '$response' in cause && !('code' in cause);
}
