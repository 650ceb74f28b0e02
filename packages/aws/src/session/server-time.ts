import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ServerTime } from '@tenant-delivery/rotation/ports';

/** Half a second: the `date` header tells whole seconds, so the real time is within the second after it. */
const HALF = 500;

/**
 * AWS's time: this machine's clock, corrected by AWS's newest answer. With local-aws the clock is the world's own, and
 * headers tell the machine's time, so they are ignored.
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
