/** A contract that has ended, or ends on a day that no calendar has: JavaScript reads 31 November as 1 December. */
export function lintExpiry(expires: string, now: number): readonly string[] {
  const [year = 0, month = 0, day = 0] = expires.slice(0, 10).split('-').map(Number);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate(); // day 0 of the next month
  if (day > last) return [`expires: ${expires} is no day; the last one of that month is the ${last}th`];
  return Date.parse(expires) > now ? [] : [`expires: ${expires} has passed`];
}
