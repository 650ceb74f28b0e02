import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ec2Client } from './ec2-client.ts';

/** Whether tunnels of a VPN connection are up. EC2's answer may hold keys, and nothing else of it leaves this file. */
export function tunnelReader(session: Pick<Session, 'clientConfig'>, role: Role) {
  const ec2 = ec2Client(session.clientConfig(role));
  return {
    tunnels: async (connection: string) => {
      const asked = { VpnConnectionIds: [connection] };
      const sent = ec2.send((sdk) => new sdk.DescribeVpnConnectionsCommand(asked));
      const { VpnConnections } = await translated('ec2:DescribeVpnConnections', sent);
      const found = required(VpnConnections?.[0], `the VPN connection ${connection}`);
      return required(found.VgwTelemetry, 'VpnConnections[0].VgwTelemetry')
        .map(({ OutsideIpAddress, Status }) => ({
          outside: required(OutsideIpAddress, 'VgwTelemetry[].OutsideIpAddress'),
          up: required(Status, 'VgwTelemetry[].Status') === 'UP',
        }))
        .toSorted((a, b) => (a.outside < b.outside ? -1 : 1));
    },
  };
}
