import { MINUTE } from '@tenant-delivery/domain';
import { agreedDays } from '../agreed-days.ts';
import { DEFAULT_VPN_PSK_POLICY, type VpnPskPolicy } from './policy.ts';
import type { VpnPsk } from './terms.ts';

/** What is agreed about the keys of one connection, as their rotation uses it. */
export function agreedVpnPsk({ maxAgeDays, graceDays, soakMinutes, peer }: VpnPsk): VpnPskPolicy {
  return {
    ...DEFAULT_VPN_PSK_POLICY,
    ...agreedDays({ maxAgeDays, graceDays }),
    ...(soakMinutes !== undefined && { soak: soakMinutes * MINUTE }),
    peer,
  };
}
