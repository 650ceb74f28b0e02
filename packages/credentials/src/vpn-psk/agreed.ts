import { MINUTE } from '@tenant-delivery/domain';
import { agreedDays } from '../agreed-days.ts';
import type { CredentialOf } from '../credential.ts';
import { DEFAULT_VPN_PSK_POLICY, type VpnPskPolicy } from './policy.ts';

/** What is agreed about the keys of one connection, as their rotation uses it. */
export function agreedVpnPsk({
  maxAgeDays,
  graceDays,
  soakMinutes,
  peer,
}: CredentialOf<'vpn-psk'>): VpnPskPolicy {
  return {
    ...DEFAULT_VPN_PSK_POLICY,
    ...agreedDays({ maxAgeDays, graceDays }),
    ...(soakMinutes !== undefined && { soak: soakMinutes * MINUTE }),
    peer,
  };
}
