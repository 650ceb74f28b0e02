import type { VgwTelemetry, VpnConnection } from '@aws-sdk/client-ec2';
import type { Tunnel, VpnTunnels } from '@tenant-delivery/credentials/vpn-psk/ports';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { ec2Client } from './ec2-client.ts';

type Ec2Client = ReturnType<typeof ec2Client>;

const UNKNOWN = ['InvalidVpnConnectionID.NotFound'] as const;
const KEY = /^[A-Za-z0-9._]{8,64}$/;
/** EC2's answer in place of a key that is stored in Secrets Manager. */
const REDACTED = 'REDACTED';

/**
 * The tunnels of one VPN connection. EC2's answers may contain the keys, so only the members named here leave this file.
 * Requests made with `once` are sent a single time.
 */
export function vpnTunnels(config: ClientConfig, once: ClientConfig, vpn: string): VpnTunnels {
  const ec2 = ec2Client(config);
  const ec2Once = ec2Client(once);
  return {
    look: async () => {
      const sent = ec2.send((sdk) => new sdk.DescribeVpnConnectionsCommand({ VpnConnectionIds: [vpn] }));
      const answer = await translated('ec2:DescribeVpnConnections', sent, UNKNOWN);
      if (answer === 'InvalidVpnConnectionID.NotFound') return undefined;
      const [found] = required(answer.VpnConnections, 'VpnConnections');
      if (!found) return undefined;
      const options = required(found.Options, 'VpnConnections[0].Options');
      const [peer, tunnels] = await Promise.all([
        peerOf(ec2, required(found.CustomerGatewayId, 'VpnConnections[0].CustomerGatewayId')),
        Promise.all(
          required(found.VgwTelemetry, 'VpnConnections[0].VgwTelemetry').map((telemetry) =>
            tunnelOf(ec2, vpn, telemetry),
          ),
        ),
      ]);
      return {
        id: required(found.VpnConnectionId, 'VpnConnections[0].VpnConnectionId'),
        state: required(found.State, 'VpnConnections[0].State'),
        routing: options.StaticRoutesOnly ? 'static' : 'bgp',
        peer,
        keysHidden: keysHidden(found),
        tunnels: tunnels.toSorted((a, b) => (a.outside < b.outside ? -1 : 1)),
      };
    },
    install: (outside, key) =>
      answered(
        ec2Once.send(
          (sdk) =>
            new sdk.ModifyVpnTunnelOptionsCommand({
              VpnConnectionId: vpn,
              VpnTunnelOutsideIpAddress: outside,
              TunnelOptions: { PreSharedKey: key.reveal() },
            }),
        ),
      ),
  };
}

async function peerOf(ec2: Ec2Client, gateway: string): Promise<string> {
  const asked = { CustomerGatewayIds: [gateway] };
  const sent = ec2.send((sdk) => new sdk.DescribeCustomerGatewaysCommand(asked));
  const { CustomerGateways } = await translated('ec2:DescribeCustomerGateways', sent);
  return required(CustomerGateways?.[0]?.IpAddress || undefined, 'CustomerGateways[0].IpAddress');
}

/** Two more calls describe a tunnel. A tunnel that is down has no negotiated parameters, so we do not ask for them. */
async function tunnelOf(ec2: Ec2Client, vpn: string, telemetry: VgwTelemetry): Promise<Tunnel> {
  const outside = required(telemetry.OutsideIpAddress || undefined, 'VgwTelemetry[].OutsideIpAddress');
  const up = isUp(telemetry);
  const asked = { VpnConnectionId: vpn, VpnTunnelOutsideIpAddress: outside };
  const [pending, provisioned] = await Promise.all([
    isReplacementPending(ec2, asked),
    up && isProvisioned(ec2, asked),
  ]);
  return {
    outside,
    up,
    since: required(telemetry.LastStatusChange, 'VgwTelemetry[].LastStatusChange').getTime(),
    routes: telemetry.AcceptedRouteCount ?? 0,
    provisioned,
    replacementPending: pending,
  };
}

interface AskedTunnel {
  readonly VpnConnectionId: string;
  readonly VpnTunnelOutsideIpAddress: string;
}

async function isReplacementPending(ec2: Ec2Client, asked: AskedTunnel): Promise<boolean> {
  const sent = ec2.send((sdk) => new sdk.GetVpnTunnelReplacementStatusCommand(asked));
  const { MaintenanceDetails } = await translated('ec2:GetVpnTunnelReplacementStatus', sent);
  const pending = required(MaintenanceDetails?.PendingMaintenance, 'PendingMaintenance').toLowerCase();
  if (pending !== 'true' && pending !== 'false')
    throw new TypeError('EC2 knows a state of maintenance that we do not');
  return pending === 'true';
}

async function isProvisioned(ec2: Ec2Client, asked: AskedTunnel): Promise<boolean> {
  const sent = ec2.send((sdk) => new sdk.GetActiveVpnTunnelStatusCommand(asked));
  const { ActiveVpnTunnelStatus } = await translated('ec2:GetActiveVpnTunnelStatus', sent);
  return required(ActiveVpnTunnelStatus, 'ActiveVpnTunnelStatus').ProvisioningStatus === 'available';
}

/** The ARN alone proves nothing: a connection keeps it after its keys are stored in EC2 again. */
function keysHidden({ PreSharedKeyArn, Options }: VpnConnection): boolean {
  const tunnels = Options?.TunnelOptions ?? [];
  return (
    PreSharedKeyArn !== undefined &&
    tunnels.length > 0 &&
    tunnels.every(({ PreSharedKey: said }) => said === undefined || said === REDACTED || !KEY.test(said))
  );
}

function isUp({ Status }: VgwTelemetry): boolean {
  const status: string = required(Status, 'VgwTelemetry[].Status');
  if (status !== 'UP' && status !== 'DOWN')
    throw new TypeError(`EC2 knows a status of tunnels that we do not: ${status}`);
  return status === 'UP';
}
