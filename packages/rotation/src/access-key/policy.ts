import { DAY, days, HOUR, MINUTE } from '../times.ts';

export { DAY, days, HOUR, MINUTE } from '../times.ts';

/** What is agreed about one access key. Times are milliseconds. */
export interface AccessKeyPolicy {
  readonly maxAge: number;
  /** How long an unused key stays Inactive before it is deleted. */
  readonly grace: number;
  /** The least time without use before a key is disabled; more when a consumer uses it more rarely. */
  readonly noUse: number;
  /** From the cut-over: a key that is still in use by then is somebody's to look at. */
  readonly drainDeadline: number;
  /** How often consumers are asked to prove the new key during the grace. */
  readonly probeEvery: number;
  /** Why a rotation may begin although the key is not too old. */
  readonly wish?: 'forced' | 'compromise' | undefined;
  /** A user without keys may get the first one. */
  readonly bootstrap?: boolean | undefined;
  /** The fingerprint of a key that is not in escrow and that its owner agrees to retire. */
  readonly adopt?: string | undefined;
  /** The fingerprint of an Inactive stranger that an operator says may be deleted. */
  readonly resolve?: string | undefined;
  /** Until when the change window is closed, or a freeze holds. */
  readonly closedUntil?: number | undefined;
}

export const DEFAULT_POLICY: AccessKeyPolicy = {
  maxAge: 60 * DAY,
  grace: 7 * DAY,
  noUse: DAY,
  drainDeadline: 14 * DAY,
  probeEvery: DAY,
};

/** How long a leaked key is kept Inactive, for those who look into the leak. */
export const FORENSICS = 30 * DAY;
/** IAM and its readers agree within this time after a change. */
export const SETTLE = MINUTE;
/** A second use this soon after a recorded one is not recorded. */
export const COARSE = 15 * MINUTE;
/** How late CloudTrail may be before people are asked. */
export const TRAIL_PATIENCE = 30 * MINUTE;
/** How old a proof of the new key may be when the old one is touched. */
export const FRESH = 10 * MINUTE;
/** How long a consumer may take to answer a proof. */
export const PROOF_PATIENCE = 30 * MINUTE;
export const MOST_CREATES = 6;
export const MOST_PROOFS = 4;
export const MOST_RETURNS = 3;

/** The time without use that shows that nobody holds a key any more. */
export function noUseWindow(policy: AccessKeyPolicy, cadences: readonly number[]): number {
  return Math.max(policy.noUse, DAY, 2 * Math.max(0, ...cadences));
}

/** What is wrong with a policy, one sentence each with what to do. */
export function policyMistakes(policy: AccessKeyPolicy, cadences: readonly number[]): readonly string[] {
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
