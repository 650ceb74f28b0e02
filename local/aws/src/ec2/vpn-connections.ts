import type {
  CreateVpnConnectionCommandInput,
  CreateVpnConnectionCommandOutput,
  CreateVpnConnectionRouteCommandInput,
  DeleteVpnConnectionCommandInput,
  DeleteVpnConnectionRouteCommandInput,
  VpnTunnelOptionsSpecification,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { publicAddress } from './addresses.ts';
import { onlyKnows } from './asked.ts';
import { canonical, contains } from './cidr.ts';
import { allOf, find, newId } from './kinds.ts';
import { withinQuota } from './quotas.ts';
import { tagsFor } from './tags.ts';
import { describeVpn } from './vpn.ts';
import { forgetKeys, keepKeys, newKey } from './vpn-keys.ts';
import { type Tunnel, type VpnConnection, vpnState } from './vpn-state.ts';

/** How VPN connections come and go. */
export const vpnConnectionOperations: Readonly<Record<string, Handler>> = {
  CreateVpnConnection: createVpnConnection,
  DeleteVpnConnection: deleteVpnConnection,
  CreateVpnConnectionRoute: createVpnConnectionRoute,
  DeleteVpnConnectionRoute: deleteVpnConnectionRoute,
};

const PENDING = 180_000; // virtual milliseconds; AWS says "several minutes"

function createVpnConnection(
  input: CreateVpnConnectionCommandInput,
  call: Call,
): Output<CreateVpnConnectionCommandOutput> {
  onlyKnows('CreateVpnConnection', input, [
    'Type',
    'CustomerGatewayId',
    'VpnGatewayId',
    'Options',
    'PreSharedKeyStorage',
    'TagSpecifications',
  ]);
  const { StaticRoutesOnly = false, TunnelOptions = [], ...others } = input.Options ?? {};
  onlyKnows('the options of CreateVpnConnection', others, []);
  if (input.Type !== 'ipsec.1')
    throw new AwsError('InvalidParameterValue', `Value (${input.Type}) for parameter type is invalid.`);
  const customer = find(call, 'customer-gateway', input.CustomerGatewayId);
  const gateway = find(call, 'vpn-gateway', input.VpnGatewayId);
  const all = allOf(call, 'vpn-connection');
  const now = call.world.clock.now();
  const there = Object.values(all).filter((vpn) => vpnState(vpn, now) !== 'deleted');
  if (there.some((vpn) => vpn.customerGatewayId === customer.id && vpn.vpnGatewayId === gateway.id))
    throw new AwsError(
      'InvalidParameterValue',
      `A VPN connection between ${customer.id} and ${gateway.id} exists already.`,
    );
  const tunnels = tunnelsOf(TunnelOptions, call);
  const tags = tagsFor('vpn-connection', input.TagSpecifications);
  withinQuota(call, 'vpnConnections', there.length);
  const vpn: VpnConnection = {
    id: newId(call, 'vpn'),
    customerGatewayId: customer.id,
    vpnGatewayId: gateway.id,
    routing: StaticRoutesOnly ? 'static' : 'bgp',
    storage: input.PreSharedKeyStorage === 'SecretsManager' ? 'SecretsManager' : 'Standard',
    tunnels,
    routes: [],
    availableAt: now + PENDING,
    deletedAt: undefined,
    tags,
  };
  all[vpn.id] = vpn;
  keepKeys(vpn, call);
  call.world.touched();
  return { VpnConnection: describeVpn(vpn, call) };
}

/** Two, whose keys the customer does not have yet: so they are down. */
function tunnelsOf(options: readonly VpnTunnelOptionsSpecification[], call: Call): readonly Tunnel[] {
  if (options.length > 2)
    throw new AwsError('InvalidParameterValue', 'A VPN connection has two tunnels; more options were given.');
  const inside = options.map(({ TunnelInsideCidr, PreSharedKey, ...others }) => {
    onlyKnows('the tunnel options of CreateVpnConnection', others, []);
    const cidr = TunnelInsideCidr === undefined ? undefined : canonical(TunnelInsideCidr, 'tunnelInsideCidr');
    if (cidr !== undefined && !(contains('169.254.0.0/16', cidr) && cidr.endsWith('/30')))
      throw new AwsError('InvalidParameterValue', `Invalid Tunnel Inside CIDR: ${cidr}`);
    return { cidr, key: PreSharedKey };
  });
  if (inside[0]?.cidr !== undefined && inside[0].cidr === inside[1]?.cidr)
    throw new AwsError('InvalidParameterValue', 'Tunnel inside CIDRs must be different for each tunnel.');
  return [0, 1].map((index) => ({
    outsideIp: publicAddress(call),
    insideCidr:
      inside[index]?.cidr ??
      `169.254.${20 + index}.${4 * (Object.keys(allOf(call, 'vpn-connection')).length % 64)}/30`,
    preSharedKey: inside[index]?.key ?? newKey(),
    customerKey: '',
    brokenBecause: undefined,
    modifyingUntil: 0,
    changedAt: call.world.clock.now(),
    pendingMaintenance: false,
  }));
}

function deleteVpnConnection(input: DeleteVpnConnectionCommandInput, call: Call): object {
  onlyKnows('DeleteVpnConnection', input, ['VpnConnectionId']);
  const vpn = find(call, 'vpn-connection', input.VpnConnectionId);
  vpn.deletedAt ??= call.world.clock.now();
  forgetKeys(vpn, call);
  call.world.touched();
  return {};
}

function createVpnConnectionRoute(input: CreateVpnConnectionRouteCommandInput, call: Call): object {
  onlyKnows('CreateVpnConnectionRoute', input, ['VpnConnectionId', 'DestinationCidrBlock']);
  const vpn = find(call, 'vpn-connection', input.VpnConnectionId);
  const destination = canonical(input.DestinationCidrBlock, 'destinationCidrBlock');
  if (vpn.routing !== 'static')
    throw new AwsError('InvalidParameterValue', `The VPN connection ${vpn.id} does not use static routes.`);
  vpn.routes = [...new Set([...vpn.routes, destination])];
  call.world.touched();
  return {};
}

function deleteVpnConnectionRoute(input: DeleteVpnConnectionRouteCommandInput, call: Call): object {
  onlyKnows('DeleteVpnConnectionRoute', input, ['VpnConnectionId', 'DestinationCidrBlock']);
  const vpn = find(call, 'vpn-connection', input.VpnConnectionId);
  const { DestinationCidrBlock: destination = '' } = input;
  if (!vpn.routes.includes(destination))
    throw new AwsError(
      'InvalidRoute.NotFound',
      `The VPN connection ${vpn.id} has no route to ${destination}`,
    );
  vpn.routes = vpn.routes.filter((one) => one !== destination);
  call.world.touched();
  return {};
}
