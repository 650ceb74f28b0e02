import { utcOf } from '@tenant-delivery/deployment/plain-names';
import type { Verdict } from '../check.ts';
import { fail, pass, warn } from '../verdict.ts';

export interface ObservedCredentials {
  /** `renewed` if the run renews them in time, `untold` if nothing says when they end, or the end in milliseconds since the epoch. */
  readonly until: number | 'renewed' | 'untold';
  readonly now: number;
  /** Milliseconds that the run may wait for the deployment. */
  readonly wait: number;
}

/** How long a session lasts unless it was asked for longer (`role-duration-seconds` of configure-aws-credentials). */
const USUAL = 60 * 60_000; // milliseconds

export function judgeCredentials({ until, now, wait }: ObservedCredentials): Verdict {
  if (until === 'renewed') return pass('renewed during the run');
  if (until === 'untold') {
    return wait <= USUAL
      ? pass('nothing says when they end; a session lasts an hour unless less was requested')
      : warn(
          `nothing says when they end, and the wait is ${Math.round(wait / 60_000)} minutes`,
          'Pass the output aws-expiration of configure-aws-credentials as `credentials-until`, or wait for an hour at most.',
        );
  }
  const said = `good until ${utcOf(until)}`;
  if (until >= now + wait) return pass(said);
  const minutes = Math.max(0, Math.floor((until - now) / 60_000));
  return fail(
    `${said}, in ${minutes} minutes`,
    'Ask for a longer session (role-duration-seconds, and MaxSessionDuration of the role), or wait for less.',
  );
}
