import type { Pluggable } from '@smithy/types';

/**
 * Middleware that tells `hear` the header `date` of each answer, in milliseconds since the epoch. It sits beside the
 * HTTP handler, below the deserializer, so that it sees refusals too, and every try of a repeated request.
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

/** The SDK types a response as unknown, because each protocol may have its own; all of AWS's speak HTTP. */
function dateOf(response: unknown): string {
  const { headers } = response as { readonly headers: Readonly<Record<string, string>> };
  return headers['date'] ?? '';
}
