import * as v from 'valibot';

/**
 * A moment that has a number. `2026-11-24T08:00:00+02` is an ISO timestamp that JavaScript reads as NaN, and no
 * comparison with NaN ever holds: what ends then would never end.
 */
export function instant(message = 'must be a time such as 2026-11-24T08:00:00Z') {
  return v.pipe(
    v.string(),
    v.isoTimestamp(message),
    v.check((text) => Number.isFinite(Date.parse(text)), message),
  );
}
