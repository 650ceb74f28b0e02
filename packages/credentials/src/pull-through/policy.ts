import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { RotationTimes } from '@tenant-delivery/rotation/policy';
import { days } from '@tenant-delivery/rotation/times';

/** What is agreed about the credential of an upstream registry. */
export interface PullThroughPolicy extends RotationTimes {
  /**
   * From the cut-over until its owner is asked to revoke the old one. Sessions that signed in with it may go on for a
   * while.
   */
  readonly drain: number;
  /** How often the new one is tried meanwhile. */
  readonly probeEvery: number;
  /** The secret's name, and the rule that the contract names. */
  readonly secret: string;
  readonly prefix: string;
}

export const DEFAULT_PULL_THROUGH_POLICY: Omit<PullThroughPolicy, 'secret' | 'prefix'> = {
  maxAge: 90 * DAY,
  drain: DAY,
  probeEvery: 6 * HOUR,
};

/** ECR reads a secret whose labels were moved within this time. */
export const SETTLE = MINUTE;
/** How often ECR must be refused in a row, and how far apart, before a credential counts as bad. */
export const REFUSALS = 3;
export const APART = MINUTE / 2;

export function pullThroughMistakes({
  maxAge,
  drain,
}: Pick<PullThroughPolicy, 'maxAge' | 'drain'>): readonly string[] {
  const says: string[] = [];
  if (drain < DAY)
    says.push(`The old credential may be revoked after ${days(drain)}; let it live for at least a day.`);
  if (maxAge < 2 * drain)
    says.push(
      `The credential may be ${days(maxAge)} old, but a rotation takes at least ${days(drain)}; allow more.`,
    );
  return says;
}
