import { MINUTE } from '@tenant-delivery/domain';
import type { ChangeEvent, Decision } from '@tenant-delivery/evidence/change-event';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';

/** How long an exercise took, from its proposal until the service was verified, beside what was agreed. */
export interface Recovery {
  /** Milliseconds, by the signed times of both steps. */
  readonly took: number;
  readonly agreedMinutes: number;
  readonly inTime: boolean;
}

/** `undefined` for what is no exercise, was never verified, or has nothing agreed to compare with. */
export function recoveryOf(
  events: readonly ChangeEvent[],
  { dr }: Pick<EnvironmentContract, 'dr'>,
): Recovery | undefined {
  const [proposed] = events;
  const verified = events.find(({ transition }) => transition.to === 'verified');
  if (proposed?.change.kind !== 'exercise' || !verified || !dr) return undefined;
  const took = Date.parse(verified.occurredAt) - Date.parse(proposed.occurredAt);
  return { took, agreedMinutes: dr.rtoMinutes, inTime: took <= dr.rtoMinutes * MINUTE };
}

export function sayRecovery({ took, agreedMinutes, inTime }: Recovery): string {
  const seconds = Math.round(took / 1000);
  const time = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `Recovered in ${time}, ${inTime ? 'inside' : 'over'} the ${agreedMinutes} min that are agreed.`;
}

/** What the closing event says of it, so that the measured time is signed. */
export function recoveryDecision(recovery: Recovery): Decision {
  return {
    result: recovery.inTime ? 'allow' : 'deny',
    reasons: [recovery.inTime ? 'RECOVERED_IN_TIME' : 'RECOVERY_TOO_SLOW'],
    note: sayRecovery(recovery),
  };
}
