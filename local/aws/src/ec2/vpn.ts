import type {
  VpnConnection as AwsVpnConnection,
  DescribeCustomerGatewaysCommandInput,
  DescribeCustomerGatewaysCommandOutput,
  DescribeVpnConnectionsCommandInput,
  DescribeVpnConnectionsCommandOutput,
  Filter,
  GetActiveVpnTunnelStatusCommandInput,
  GetActiveVpnTunnelStatusCommandOutput,
  GetVpnTunnelReplacementStatusCommandInput,
  GetVpnTunnelReplacementStatusCommandOutput,
  ModifyVpnTunnelOptionsCommandInput,
  ModifyVpnTunnelOptionsCommandOutput,
  TunnelOption,
} from '@aws-sdk/client-ec2';
import { matches } from '../policy/wildcard.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { MODIFYING, statusOf, type Tunnel, type VpnConnection, vpnsOf } from './vpn-state.ts';

/** VPN connections, the gateways that they go to, and what may be changed of one tunnel: its key. */
export const vpnOperations: Readonly<Record<string, Handler>> = {
  DescribeVpnConnections: describeVpnConnections,
  DescribeCustomerGateways: describeCustomerGateways,
  ModifyVpnTunnelOptions: modifyVpnTunnelOptions,
  GetVpnTunnelReplacementStatus: getVpnTunnelReplacementStatus,
  GetActiveVpnTunnelStatus: getActiveVpnTunnelStatus,
};

const FILTERS: Readonly<Record<string, (vpn: VpnConnection, call: Call) => string>> = {
  'vpn-connection-id': ({ id }) => id,
  'customer-gateway-id': ({ customerGatewayId }) => customerGatewayId,
  state: (vpn, { world }) => stateOf(vpn, world.clock.now()),
  type: () => 'ipsec.1',
};

function describeVpnConnections(
  { VpnConnectionIds, Filters = [], DryRun }: DescribeVpnConnectionsCommandInput,
  call: Call,
): Output<DescribeVpnConnectionsCommandOutput> {
  dryRun(DryRun);
  const vpns = vpnsOf(call.world, call.account, call.region);
  const asked = VpnConnectionIds ? VpnConnectionIds.map((id) => findVpn(call, id)) : Object.values(vpns);
  const found = asked.filter((vpn) => Filters.every((filter) => passes(vpn, filter, call)));
  return { VpnConnections: found.map((vpn) => describe(vpn, call)) };
}

function describeCustomerGateways(
  { CustomerGatewayIds, Filters = [], DryRun }: DescribeCustomerGatewaysCommandInput,
  { world, account, region }: Call,
): Output<DescribeCustomerGatewaysCommandOutput> {
  dryRun(DryRun);
  if (Filters.length > 0)
    throw new AwsError('NotImplemented', 'local-aws filters no customer gateways.', 501);
  const vpns = Object.values(vpnsOf(world, account, region));
  const absent = CustomerGatewayIds?.find((id) => !vpns.some((vpn) => vpn.customerGatewayId === id));
  if (absent !== undefined)
    throw new AwsError(
      'InvalidCustomerGatewayID.NotFound',
      `The customerGateway ID '${absent}' does not exist`,
    );
  const asked = new Map(vpns.map((vpn) => [vpn.customerGatewayId, vpn]));
  return {
    CustomerGateways: [...asked.values()]
      .filter(({ customerGatewayId }) => CustomerGatewayIds?.includes(customerGatewayId) ?? true)
      .map(({ customerGatewayId, customerGatewayIp }) => ({
        CustomerGatewayId: customerGatewayId,
        IpAddress: customerGatewayIp,
        State: 'available',
        Type: 'ipsec.1',
        BgpAsn: '65000',
        Tags: [],
      })),
  };
}

function passes(vpn: VpnConnection, { Name = '', Values = [] }: Filter, call: Call): boolean {
  const tag = /^tag:(.+)$/.exec(Name)?.[1];
  const read = tag === undefined ? FILTERS[Name] : () => vpn.tags[tag] ?? '';
  if (!read) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  return Values.some((value) => matches(value, read(vpn, call)));
}

/** Keys are told in clear text unless they are stored in Secrets Manager: a caller who may describe then reads them. */
function describe(vpn: VpnConnection, { world, account, region }: Call): AwsVpnConnection {
  const now = world.clock.now();
  return {
    VpnConnectionId: vpn.id,
    State: stateOf(vpn, now) as 'available', // AWS says `modifying` too, which its model leaves out
    Type: 'ipsec.1',
    Category: 'VPN',
    CustomerGatewayId: vpn.customerGatewayId,
    VpnGatewayId: `vgw-${vpn.id.slice(4)}`,
    GatewayAssociationState: 'associated',
    CustomerGatewayConfiguration: configuration(vpn),
    // EC2 may name it although the keys are not there any more: it is no proof that they are hidden
    PreSharedKeyArn: `arn:aws:secretsmanager:${region}:${account}:secret:s2svpn!${vpn.id}-AbCdEf`,
    Options: {
      EnableAcceleration: false,
      StaticRoutesOnly: vpn.routing === 'static',
      LocalIpv4NetworkCidr: '0.0.0.0/0',
      RemoteIpv4NetworkCidr: '0.0.0.0/0',
      OutsideIpAddressType: 'PublicIpv4',
      TunnelInsideIpVersion: 'ipv4',
      TunnelOptions: vpn.tunnels.map((tunnel) => optionsOf(vpn, tunnel)),
    },
    Routes: [],
    Tags: Object.entries(vpn.tags).map(([Key, Value]) => ({ Key, Value })),
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
  const vpn = findVpn(call, VpnConnectionId);
  const tunnel = findTunnel(vpn, VpnTunnelOutsideIpAddress);
  const now = call.world.clock.now();
  if (stateOf(vpn, now) !== 'available')
    throw new AwsError(
      'IncorrectState',
      `The vpnConnection '${vpn.id}' is not in a valid state to be modified: ${stateOf(vpn, now)}.`,
    );
  const { PreSharedKey, ...others } = TunnelOptions ?? {};
  const further = Object.keys(others);
  if (further.length > 0)
    throw new AwsError('NotImplemented', `local-aws changes no ${further.join(', ')} of a tunnel.`, 501);
  if (PreSharedKey === undefined)
    throw new AwsError('MissingParameter', 'The request must contain a tunnel option to modify.');
  if (!/^(?!0)[A-Za-z0-9._]{8,64}$/.test(PreSharedKey))
    throw new AwsError(
      'InvalidParameterValue',
      'Invalid pre-shared key: 8 to 64 letters, digits, periods and underscores, the first of which is no zero.',
    );
  dryRun(DryRun);
  tunnel.preSharedKey = PreSharedKey;
  tunnel.modifyingUntil = now + MODIFYING;
  tunnel.changedAt = now;
  call.world.touched();
  return { VpnConnection: describe(vpn, call) };
}

function getVpnTunnelReplacementStatus(
  { VpnConnectionId, VpnTunnelOutsideIpAddress, DryRun }: GetVpnTunnelReplacementStatusCommandInput,
  call: Call,
): Output<GetVpnTunnelReplacementStatusCommandOutput> {
  dryRun(DryRun);
  const vpn = findVpn(call, VpnConnectionId);
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
  const tunnel = findTunnel(findVpn(call, VpnConnectionId), VpnTunnelOutsideIpAddress);
  const busy = tunnel.modifyingUntil > call.world.clock.now();
  return {
    ActiveVpnTunnelStatus: { ProvisioningStatus: busy ? 'pending' : 'available', IkeVersion: 'ikev2' },
  };
}

function stateOf({ tunnels }: VpnConnection, now: number): 'available' | 'modifying' {
  return tunnels.some(({ modifyingUntil }) => modifyingUntil > now) ? 'modifying' : 'available';
}

function findVpn({ world, account, region }: Call, id = ''): VpnConnection {
  const found = vpnsOf(world, account, region)[id];
  if (found) return found;
  throw new AwsError('InvalidVpnConnectionID.NotFound', `The vpnConnection ID '${id}' does not exist`);
}

function findTunnel({ id, tunnels }: VpnConnection, outsideIp = ''): Tunnel {
  const found = tunnels.find((tunnel) => tunnel.outsideIp === outsideIp);
  if (found) return found;
  throw new AwsError('InvalidParameterValue', `${outsideIp} is no outside IP address of a tunnel of ${id}`);
}

/** Asked after everything else was found good: the answer that means "you may". */
function dryRun(asked: boolean | undefined): void {
  if (asked)
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}
