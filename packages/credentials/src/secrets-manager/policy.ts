import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { RotationTimes } from '@tenant-delivery/rotation/policy';

/** What is agreed about one secret that tasks are given. */
export interface SecretsManagerPolicy extends RotationTimes {
  /** `provider-set`: the owner of the value stages a new version. The others: the secret's own function makes it. */
  readonly strategy: 'single-user' | 'alternating-users' | 'provider-set';
  /** Task definitions name the version; otherwise tasks are replaced and read what is current. */
  readonly pinning: boolean;
  /** How long tasks of the old version may go on once every service has the new one. */
  readonly drainDeadline: number;
  /** Times in which the users of the secret may fail for a while, as was agreed with them. */
  readonly outages?: readonly { readonly from: number; readonly to: number }[] | undefined;
}

/** AWS's answers agree within this time after a change. */
export const SETTLE = MINUTE;
/** How long a rotation function may take, its repetitions included. */
export const ROTATE_PATIENCE = 30 * MINUTE;
/** How long a deployment may take until tasks are healthy. */
export const DEPLOY_PATIENCE = HOUR;
/** How soon a deployment, a rotation function, a task is looked at again. */
export const LOOK_AGAIN = 20_000;
export const MOST_ROTATES = 3;
export const MOST_DEPLOYS = 5;

export const DEFAULT_SECRETS_MANAGER_POLICY: Omit<SecretsManagerPolicy, 'strategy' | 'pinning'> = {
  maxAge: 90 * DAY,
  drainDeadline: 14 * DAY,
};
