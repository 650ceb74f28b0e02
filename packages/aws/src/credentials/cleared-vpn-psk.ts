import type { VpnPskWorld } from '@tenant-delivery/credentials/vpn-psk/observe';
import { partitionOf } from '@tenant-delivery/domain';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Masker } from '@tenant-delivery/rotation/secret';
import {
  type CredentialClearance,
  requireCredentialClearance,
} from '@tenant-delivery/tenancy/credential-clearance';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { vpnTunnels } from '../ec2/vpn-tunnels.ts';
import { awsCaller } from '../iam/key-proof.ts';
import { pskEscrow } from '../secrets/psk-escrow.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import type { Session } from '../session/session.ts';

type Acting = Pick<Session, 'clientConfig' | 'clock'>;

/** The ARN of a VPN connection, which EC2 does not answer; `undefined` if there is none. Changes nothing. */
export async function vpnArnOf(
  session: Acting,
  { account, region }: Environment,
  vpn: string,
): Promise<string | undefined> {
  const config = session.clientConfig('rotate-vpn');
  const found = await vpnTunnels(config, config, vpn).look();
  return found && `arn:${partitionOf(region)}:ec2:${region}:${account}:vpn-connection/${found.id}`;
}

/** The adapters that the rotation of a cleared connection's keys needs. */
export function clearedVpnPsk(
  session: Acting,
  clearance: CredentialClearance<'vpn-psk'>,
  masker: Masker,
): { readonly world: Omit<VpnPskWorld, 'acknowledged'>; readonly time: ServerTime } {
  requireCredentialClearance(clearance, session.clock.now());
  const { place, credential } = clearance;
  const configOf = (attempts?: number) => session.clientConfig('rotate-vpn', attempts);
  const { config, once, time } = hearingConfigs(configOf, session.clock);
  const settings = { account: place.account, secret: credential.escrow, masker };
  return {
    world: {
      caller: awsCaller(config),
      tunnels: vpnTunnels(config, once, credential.vpn),
      escrow: pskEscrow(config, once, settings),
    },
    time,
  };
}
