import { DAY } from '@tenant-delivery/domain';
import { noUseWindow, type RotationPolicy } from '@tenant-delivery/rotation/policy';
import { days } from '@tenant-delivery/rotation/times';

/** What is agreed about the private key of an App. GitHub cannot disable a key, so there is no grace. */
export type GithubAppKeyPolicy = Omit<RotationPolicy, 'grace' | 'bootstrap' | 'adopt'>;

export const GITHUB_APP_KEY_TIMES = {
  maxAge: 180 * DAY,
  noUse: DAY,
  drainDeadline: 14 * DAY,
  probeEvery: DAY,
} as const;

/** What is wrong with a policy, one sentence each with what to do. */
export function githubAppKeyMistakes(
  policy: GithubAppKeyPolicy,
  cadences: readonly number[],
): readonly string[] {
  const drain = noUseWindow(policy, cadences);
  const says: string[] = [];
  if (policy.drainDeadline < drain)
    says.push(
      `The drain may take ${days(policy.drainDeadline)}, but takes at least ${days(drain)}, twice the rarest use; allow more.`,
    );
  if (policy.maxAge < 2 * drain)
    says.push(
      `The key may be ${days(policy.maxAge)} old, but two rotations take at least ${days(2 * drain)}; allow more.`,
    );
  return says;
}
