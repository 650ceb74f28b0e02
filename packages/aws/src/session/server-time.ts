import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ServerTime } from '@tenant-delivery/rotation/ports';

/** Half a second: the `date` header tells whole seconds, so the real time is within the second after it. */
const HALF = 500;

export interface HeardTime extends ServerTime {
  hear(date: number): void;
  /** As `now`; undefined until AWS has told the time. */
  told(): number | undefined;
}

/**
 * AWS's time: this machine's clock, corrected by AWS's newest answer. With local-aws the clock is the world's own, and
 * headers tell the machine's time, so they are ignored.
 */
export function serverTime(clock: Clock, local: boolean): HeardTime {
  let ahead: number | undefined = local ? 0 : undefined;
  const told = () => (ahead === undefined ? undefined : clock.now() + ahead);
  return {
    hear: (date) => {
      if (!local && Number.isFinite(date)) ahead = date + HALF - clock.now();
    },
    told,
    now: () => {
      const now = told();
      if (now === undefined) throw new TypeError('AWS has not told the time yet');
      return now;
    },
  };
}
