import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ServerTime } from '@tenant-delivery/rotation/ports';

/** Half of the second that the header `date` leaves open. */
const HALF = 500;

/**
 * The time of AWS: this machine's clock, put right by the newest answer of AWS. In accounts of local-aws the clock is
 * the world's own, and the headers tell the machine's time.
 */
export function serverTime(clock: Clock, local: boolean): ServerTime & { hear(date: number): void } {
  let ahead: number | undefined = local ? 0 : undefined;
  return {
    hear: (date) => {
      if (!local && Number.isFinite(date)) ahead = date + HALF - clock.now();
    },
    now: () => {
      if (ahead === undefined) throw new TypeError('AWS has not told the time yet');
      return clock.now() + ahead;
    },
  };
}
