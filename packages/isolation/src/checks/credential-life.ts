import type { Verdict } from '../check.ts';
import { fail, pass } from '../verdict.ts';

export interface ObservedCredentials {
  /** `renewed` in time by the run itself, or the end in milliseconds since the epoch. */
  readonly until: number | 'renewed';
  readonly now: number;
  /** Milliseconds that the run may wait for the deployment. */
  readonly wait: number;
}

export function judgeCredentials({ until, now, wait }: ObservedCredentials): Verdict {
  if (until === 'renewed') return pass('renewed during the run');
  const said = `good until ${new Date(until).toISOString()}`;
  if (until >= now + wait) return pass(said);
  const minutes = Math.max(0, Math.floor((until - now) / 60_000));
  return fail(
    `${said}, in ${minutes} minutes`,
    'Ask for a longer session (role-duration-seconds, and MaxSessionDuration of the role), or wait for less.',
  );
}
