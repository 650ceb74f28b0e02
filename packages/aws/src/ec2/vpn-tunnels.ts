import type { Tunnel, VpnTunnels } from '@tenant-delivery/rotation/vpn-psk/ports';
import { integerIn, membersIn, requiredText } from '../by-hand/query-answer.ts';
import { childOf, childrenOf, queryCaller, textOf, type Xml } from '../by-hand/signed-call.ts';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const EC2 = { name: 'ec2', variable: 'EC2', version: '2016-11-15' } as const;
const UNKNOWN = ['InvalidVpnConnectionID.NotFound'] as const;
const KEY = /^[A-Za-z0-9._]{8,64}$/;
/** What EC2 says in place of a key that Secrets Manager keeps. */
const REDACTED = 'REDACTED';

/**
 * The tunnels of one VPN connection. What EC2 answers may have the keys in it: nothing but what is named here leaves this
 * file. `once` is a configuration whose requests are sent a single time.
 */
export function vpnTunnels(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  vpn: string,
): VpnTunnels {
  const ask = queryCaller(EC2, config);
  const change = queryCaller(EC2, once);
  const named = { VpnConnectionId: vpn };
  const peerOf = async (gateway: string) => {
    const asked = ask('DescribeCustomerGateways', { 'CustomerGatewayId.1': gateway });
    const root = await translated('ec2:DescribeCustomerGateways', asked);
    const [found] = membersIn(root, 'customerGatewaySet', 'item');
    return requiredText(found, 'customerGatewaySet.item', 'ipAddress');
  };
  /** What two more calls say of a tunnel. One that is down has no negotiated parameters, and is not asked for them. */
  const tunnelOf = async (telemetry: Xml): Promise<Tunnel> => {
    const outside = requiredText(telemetry, 'vgwTelemetry.item', 'outsideIpAddress');
    const up = upIn(telemetry);
    const at = { ...named, VpnTunnelOutsideIpAddress: outside };
    const [replacement, active] = await Promise.all([
      translated('ec2:GetVpnTunnelReplacementStatus', ask('GetVpnTunnelReplacementStatus', at)),
      up ? translated('ec2:GetActiveVpnTunnelStatus', ask('GetActiveVpnTunnelStatus', at)) : undefined,
    ]);
    const maintenance = required(childOf(replacement, 'maintenanceDetails'), 'maintenanceDetails');
    const pending = requiredText(maintenance, 'maintenanceDetails', 'pendingMaintenance');
    if (!/^(true|false)$/i.test(pending))
      throw new TypeError('EC2 knows a state of maintenance that we do not');
    const status = active && required(childOf(active, 'activeVpnTunnelStatus'), 'activeVpnTunnelStatus');
    return {
      outside,
      up,
      since: timeIn(requiredText(telemetry, 'vgwTelemetry.item', 'lastStatusChange')),
      routes: integerIn(telemetry, 'acceptedRouteCount') ?? 0,
      provisioned: status !== undefined && textOf(status, 'provisioningStatus') === 'available',
      replacementPending: pending.toLowerCase() === 'true',
    };
  };
  return {
    look: async () => {
      const asked = ask('DescribeVpnConnections', { 'VpnConnectionId.1': vpn });
      const root = await translated('ec2:DescribeVpnConnections', asked, UNKNOWN);
      if (root === 'InvalidVpnConnectionID.NotFound') return undefined;
      const [found] = membersIn(root, 'vpnConnectionSet', 'item');
      if (!found) return undefined;
      const of = (name: string) => requiredText(found, 'vpnConnectionSet.item', name);
      const options = required(childOf(found, 'options'), 'vpnConnectionSet.item.options');
      const [peer, tunnels] = await Promise.all([
        peerOf(of('customerGatewayId')),
        Promise.all(membersIn(found, 'vgwTelemetry', 'item').map(tunnelOf)),
      ]);
      return {
        id: of('vpnConnectionId'),
        state: of('state'),
        routing: textOf(options, 'staticRoutesOnly') === 'true' ? 'static' : 'bgp',
        peer,
        keysHidden: keysHidden(found, options),
        tunnels: tunnels.toSorted((a, b) => (a.outside < b.outside ? -1 : 1)),
      };
    },
    install: (outside, key) =>
      answered(
        change('ModifyVpnTunnelOptions', {
          ...named,
          VpnTunnelOutsideIpAddress: outside,
          'TunnelOptions.PreSharedKey': key.reveal(),
        }),
      ),
  };
}

/** The ARN alone is no proof: a connection keeps it after its keys were stored with EC2 again. */
function keysHidden(connection: Xml, options: Xml): boolean {
  const tunnels = childrenOf(childOf(options, 'tunnelOptionSet'), 'item');
  return (
    textOf(connection, 'preSharedKeyArn') !== undefined &&
    tunnels.length > 0 &&
    tunnels.every((tunnel) => {
      const said = textOf(tunnel, 'preSharedKey');
      return said === undefined || said === REDACTED || !KEY.test(said);
    })
  );
}

function upIn(telemetry: Xml): boolean {
  const status = requiredText(telemetry, 'vgwTelemetry.item', 'status');
  if (status !== 'UP' && status !== 'DOWN')
    throw new TypeError(`EC2 knows a status of tunnels that we do not: ${status}`);
  return status === 'UP';
}

function timeIn(text: string): number {
  const at = Date.parse(text);
  if (!Number.isFinite(at)) throw new TypeError('EC2 told a time that is none');
  return at;
}
