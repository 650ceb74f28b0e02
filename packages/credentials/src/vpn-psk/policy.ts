import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { RotationTimes } from '@tenant-delivery/rotation/policy';
import { days } from '@tenant-delivery/rotation/times';

/** What is agreed about the keys of one connection. */
export interface VpnPskPolicy extends RotationTimes {
  /** How long the old keys keep their label in escrow. */
  readonly grace: number;
  /** How long the first tunnel must be up with its new key before the second is touched. */
  readonly soak: number;
  /** The address of the customer's gateway, by the contract. */
  readonly peer: string;
  /** Escrow does not have the keys that are in use, so there is no way back from the first change. */
  readonly bootstrap?: boolean | undefined;
  /** The fingerprint of a new key that does not come up. Its tunnel gets the previous key back. */
  readonly giveUp?: string | undefined;
}

export const DEFAULT_VPN_PSK_POLICY: Omit<VpnPskPolicy, 'peer'> = {
  maxAge: 365 * DAY,
  grace: 7 * DAY,
  soak: 30 * MINUTE,
};

/** How long both tunnels must have been up before one is touched. */
export const STEADY = 30 * MINUTE;
/** How late AWS may be with the state of a tunnel. */
export const TELEMETRY = 5 * MINUTE;
/** How long the customer's people may take to install a key that AWS's end has already. */
export const PATIENCE = 4 * HOUR;
/** AWS gives the state of a tunnel in whole seconds, and its own time too. */
export const SKEW = 2_000;

/** What is wrong with a policy, one sentence each with what to do. */
export function vpnPskMistakes({
  maxAge,
  grace,
  soak,
}: Pick<VpnPskPolicy, 'maxAge' | 'grace' | 'soak'>): readonly string[] {
  const says: string[] = [];
  if (grace < 7 * DAY)
    says.push(`The grace is ${days(grace)}; give at least 7 days, for they are the way back.`);
  if (soak < STEADY) says.push('The first tunnel holds for less than 30 minutes; give at least as many.');
  if (maxAge < grace + 2 * DAY)
    says.push(
      `The keys may be ${days(maxAge)} old, but a rotation takes at least ${days(grace + 2 * DAY)}; allow more.`,
    );
  return says;
}
