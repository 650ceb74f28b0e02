import { matching, whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { escrow, ofEvery, retiring } from '../terms.ts';

/** The pre-shared keys of the two tunnels of one connection to a customer's premises. */
export const VpnPsk = v.strictObject({
  kind: v.literal('vpn-psk'),
  ...ofEvery,
  /** How long the previous keys stay in escrow. */
  graceDays: retiring.graceDays,
  vpn: matching(/^vpn-[0-9a-z]{8,40}$/, 'a VPN connection'),
  /** The address of the customer's gateway. */
  peer: v.pipe(v.string(), v.ipv4('must be an IPv4 address')),
  escrow,
  /** How long the first tunnel must hold before the second is touched. */
  soakMinutes: v.optional(whole(30, 1440)),
});
export type VpnPsk = v.InferOutput<typeof VpnPsk>;
