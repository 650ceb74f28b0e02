import type {
  VpnConnection as AwsVpnConnection,
  DescribeVpnConnectionsCommandInput,
  DescribeVpnConnectionsCommandOutput,
  GetActiveVpnTunnelStatusCommandInput,
  GetActiveVpnTunnelStatusCommandOutput,
  GetVpnTunnelReplacementStatusCommandInput,
  GetVpnTunnelReplacementStatusCommandOutput,
  ModifyVpnTunnelOptionsCommandInput,
  ModifyVpnTunnelOptionsCommandOutput,
  TunnelOption,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { dryRun } from './asked.ts';
import { described } from './describe.ts';
import { find } from './kinds.ts';
import { tagList } from './tags.ts';
import { escrowName, escrowOf, keepKeys } from './vpn-keys.ts';
import { MODIFYING, statusOf, type Tunnel, type VpnConnection, vpnState } from './vpn-state.ts';

/** VPN connections, and what may be changed of one tunnel: its key. */
export const vpnOperations: Readonly<Record<string, Handler>> = {
  DescribeVpnConnections: describeVpnConnections,
  ModifyVpnTunnelOptions: modifyVpnTunnelOptions,
  GetVpnTunnelReplacementStatus: getVpnTunnelReplacementStatus,
  GetActiveVpnTunnelStatus: getActiveVpnTunnelStatus,
};

function describeVpnConnections(
  { DryRun, ...input }: DescribeVpnConnectionsCommandInput,
  call: Call,
): Output<DescribeVpnConnectionsCommandOutput> {
  dryRun(DryRun);
  const now = call.world.clock.now();
  const { found } = described(call, 'vpn-connection', input, 'VpnConnectionIds', {
    'vpn-connection-id': ({ id }) => id,
    'customer-gateway-id': ({ customerGatewayId }) => customerGatewayId,
    'vpn-gateway-id': ({ vpnGatewayId }) => vpnGatewayId,
    state: (vpn) => vpnState(vpn, now),
    type: () => 'ipsec.1',
  });
  return { VpnConnections: found.map((vpn) => describeVpn(vpn, call)) };
}

/** Keys are told in clear text unless they are stored in Secrets Manager: a caller who may describe then reads them. */
export function describeVpn(vpn: VpnConnection, call: Call): AwsVpnConnection {
  const { world, account, region } = call;
  const now = world.clock.now();
  return {
    VpnConnectionId: vpn.id,
    State: vpnState(vpn, now) as 'available', // AWS says `modifying` too, which its model leaves out
    Type: 'ipsec.1',
    Category: 'VPN',
    CustomerGatewayId: vpn.customerGatewayId,
    VpnGatewayId: vpn.vpnGatewayId,
    GatewayAssociationState: 'associated',
    CustomerGatewayConfiguration: configuration(vpn),
    // EC2 may name it although the keys are not there any more: it is no proof that they are hidden
    PreSharedKeyArn:
      escrowOf(vpn, call)?.arn ??
      `arn:aws:secretsmanager:${region}:${account}:secret:${escrowName(vpn)}-AbCdEf`,
    Options: {
      EnableAcceleration: false,
      StaticRoutesOnly: vpn.routing === 'static',
      LocalIpv4NetworkCidr: '0.0.0.0/0',
      RemoteIpv4NetworkCidr: '0.0.0.0/0',
      OutsideIpAddressType: 'PublicIpv4',
      TunnelInsideIpVersion: 'ipv4',
      TunnelOptions: vpn.tunnels.map((tunnel) => optionsOf(vpn, tunnel)),
    },
    Routes: vpn.routes.map((cidr) => ({ DestinationCidrBlock: cidr, State: 'available' })),
    Tags: tagList(vpn.tags),
    VgwTelemetry: vpn.tunnels.map((tunnel) => {
      const { up, since } = statusOf(world, tunnel);
      return {
        OutsideIpAddress: tunnel.outsideIp,
        Status: up ? 'UP' : 'DOWN',
        StatusMessage: up
          ? vpn.routing === 'bgp'
            ? '1 BGP ROUTES'
            : ''
          : (tunnel.brokenBecause ?? 'IPSEC IS DOWN'),
        LastStatusChange: new Date(Math.floor(since / 1_000) * 1_000),
        AcceptedRouteCount: up ? 1 : 0,
      };
    }),
  };
}

function optionsOf(
  { storage }: VpnConnection,
  { outsideIp, insideCidr, preSharedKey }: Tunnel,
): TunnelOption {
  return {
    OutsideIpAddress: outsideIp,
    TunnelInsideCidr: insideCidr,
    PreSharedKey: storage === 'SecretsManager' ? REDACTED : preSharedKey,
  };
}

const REDACTED = 'REDACTED'; // as EC2 says it (terraform-provider-aws PR 42819)

function configuration(vpn: VpnConnection): string {
  const tunnels = vpn.tunnels.map(
    (tunnel) =>
      `<ipsec_tunnel><vpn_gateway><tunnel_outside_address><ip_address>${tunnel.outsideIp}</ip_address></tunnel_outside_address></vpn_gateway><ike><pre_shared_key>${optionsOf(vpn, tunnel).PreSharedKey}</pre_shared_key></ike></ipsec_tunnel>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<vpn_connection id="${vpn.id}">${tunnels.join('')}</vpn_connection>`;
}

/** One tunnel at a time: until it is done the connection is being modified, and that tunnel carries nothing. */
function modifyVpnTunnelOptions(
  input: ModifyVpnTunnelOptionsCommandInput,
  call: Call,
): Output<ModifyVpnTunnelOptionsCommandOutput> {
  const { VpnConnectionId, VpnTunnelOutsideIpAddress, TunnelOptions, DryRun } = input;
  const vpn = find(call, 'vpn-connection', VpnConnectionId);
  const tunnel = findTunnel(vpn, VpnTunnelOutsideIpAddress);
  const now = call.world.clock.now();
  if (vpnState(vpn, now) !== 'available')
    throw new AwsError(
      'IncorrectState',
      `The vpnConnection '${vpn.id}' is not in a valid state to be modified: ${vpnState(vpn, now)}.`,
    );
  const { PreSharedKey, ...others } = TunnelOptions ?? {};
  const further = Object.keys(others);
  if (further.length > 0)
    throw new AwsError('NotImplemented', `local-aws changes no ${further.join(', ')} of a tunnel.`, 501);
  if (PreSharedKey === undefined)
    throw new AwsError('MissingParameter', 'The request must contain a tunnel option to modify.');
  dryRun(DryRun);
  tunnel.preSharedKey = PreSharedKey;
  tunnel.modifyingUntil = now + MODIFYING;
  tunnel.changedAt = now;
  keepKeys(vpn, call);
  call.world.touched();
  return { VpnConnection: describeVpn(vpn, call) };
}

function getVpnTunnelReplacementStatus(
  { VpnConnectionId, VpnTunnelOutsideIpAddress, DryRun }: GetVpnTunnelReplacementStatusCommandInput,
  call: Call,
): Output<GetVpnTunnelReplacementStatusCommandOutput> {
  dryRun(DryRun);
  const vpn = find(call, 'vpn-connection', VpnConnectionId);
  const tunnel = findTunnel(vpn, VpnTunnelOutsideIpAddress);
  return {
    VpnConnectionId: vpn.id,
    CustomerGatewayId: vpn.customerGatewayId,
    VpnTunnelOutsideIpAddress: tunnel.outsideIp,
    MaintenanceDetails: { PendingMaintenance: String(tunnel.pendingMaintenance) },
  };
}

function getActiveVpnTunnelStatus(
  { VpnConnectionId, VpnTunnelOutsideIpAddress, DryRun }: GetActiveVpnTunnelStatusCommandInput,
  call: Call,
): Output<GetActiveVpnTunnelStatusCommandOutput> {
  dryRun(DryRun);
  const tunnel = findTunnel(find(call, 'vpn-connection', VpnConnectionId), VpnTunnelOutsideIpAddress);
  const busy = tunnel.modifyingUntil > call.world.clock.now();
  return {
    ActiveVpnTunnelStatus: { ProvisioningStatus: busy ? 'pending' : 'available', IkeVersion: 'ikev2' },
  };
}

function findTunnel({ id, tunnels }: VpnConnection, outsideIp = ''): Tunnel {
  const found = tunnels.find((tunnel) => tunnel.outsideIp === outsideIp);
  if (found) return found;
  throw new AwsError('InvalidParameterValue', `${outsideIp} is no outside IP address of a tunnel of ${id}`);
}
