import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import { days } from './times.ts';

/** When a credential of any kind is rotated. Times are milliseconds. */
export interface RotationTimes {
  readonly maxAge: number;
  /** Why a rotation may begin although the credential is not too old. */
  readonly wish?: 'forced' | 'compromise' | undefined;
  /** Until when the change window is closed, or a freeze holds. */
  readonly closedUntil?: number | undefined;
}

/** What is agreed about one credential whose users are moved from an old one to a new one. */
export interface RotationPolicy extends RotationTimes {
  /** How long the old one can be brought back after its end. */
  readonly grace: number;
  /** The least time without use before the old one is taken away; more when a consumer uses it more rarely. */
  readonly noUse: number;
  /** Counted from the cut-over. If the old one is still in use then, a person has to look. */
  readonly drainDeadline: number;
  /** How often consumers are asked to prove the new one during the grace. */
  readonly probeEvery: number;
  /** The first one may be made if there is none yet. */
  readonly bootstrap?: boolean | undefined;
  /** The fingerprint of a key that is not in escrow and that its owner agrees to retire. */
  readonly adopt?: string | undefined;
}

/** After a change, all readers see the same within this time. */
export const SETTLE = MINUTE;
/** How old a proof of the new key may be when the old one is touched. */
export const FRESH = 10 * MINUTE;
/** How long a consumer may take to answer a proof. */
export const PROOF_PATIENCE = 30 * MINUTE;
export const MOST_CREATES = 6;
export const MOST_PROOFS = 4;
export const MOST_RETURNS = 3;

/** The time without use that shows that nobody holds a key any more. */
export function noUseWindow(policy: Pick<RotationPolicy, 'noUse'>, cadences: readonly number[]): number {
  return Math.max(policy.noUse, DAY, 2 * Math.max(0, ...cadences));
}

/** What is wrong with a policy, one sentence each with what to do. */
export function policyMistakes(policy: RotationPolicy, cadences: readonly number[]): readonly string[] {
  const drain = noUseWindow(policy, cadences);
  const says: string[] = [];
  if (policy.grace < 7 * DAY)
    says.push(`The grace is ${days(policy.grace)}; give at least 7 days, for they are the way back.`);
  if (policy.drainDeadline < drain)
    says.push(
      `The drain may take ${days(policy.drainDeadline)}, but takes at least ${days(drain)}, twice the rarest use; allow more.`,
    );
  if (policy.maxAge < drain + policy.grace)
    says.push(
      `The key may be ${days(policy.maxAge)} old, but a rotation takes at least ${days(drain + policy.grace)}; allow more.`,
    );
  if (!(policy.probeEvery >= HOUR))
    says.push('The new key is proven more than once an hour; ask more rarely.');
  return says;
}
