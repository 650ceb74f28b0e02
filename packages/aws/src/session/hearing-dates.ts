import type { Pluggable } from '@smithy/types';

/**
 * Middleware that passes the `date` header of each answer to `hear`, in milliseconds since the epoch. It runs below the
 * deserializer, next to the HTTP handler, so it sees refusals and every try of a repeated request. Assumes aws-date-header.
 */
export function hearingDates(hear: (date: number) => void): Pluggable<object, object> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => async (args) => {
          const result = await next(args);
          hear(Date.parse(dateOf(result.response)));
          return result;
        },
        { name: 'hearingDates', step: 'deserialize', priority: 'low', override: true },
      ),
  };
}

/** The SDK types a response as unknown, because it allows any protocol. AWS's are all HTTP. */
export function dateOf(response: unknown): string {
  const { headers } = response as { readonly headers: Readonly<Record<string, string>> };
  return headers['date'] ?? '';
}
