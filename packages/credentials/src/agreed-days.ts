import { DAY } from '@tenant-delivery/domain';

/** The times that a contract names in days, as rotations count them; what it does not name is left out. */
export function agreedDays({
  maxAgeDays,
  graceDays,
  drainDays,
}: {
  readonly maxAgeDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly drainDays?: number | undefined;
}): { readonly maxAge?: number; readonly grace?: number; readonly drainDeadline?: number } {
  return {
    ...(maxAgeDays !== undefined && { maxAge: maxAgeDays * DAY }),
    ...(graceDays !== undefined && { grace: graceDays * DAY }),
    ...(drainDays !== undefined && { drainDeadline: drainDays * DAY }),
  };
}
