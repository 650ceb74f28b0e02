import type {
  CreateVpnConnectionCommandInput,
  CreateVpnConnectionCommandOutput,
  CreateVpnConnectionRouteCommandInput,
  DeleteVpnConnectionCommandInput,
  DeleteVpnConnectionRouteCommandInput,
  VpnTunnelOptionsSpecification,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { publicAddress } from './addresses.ts';
import { canonical } from './cidr.ts';
import { allOf, find, newId } from './kinds.ts';
import { tagsIn } from './tags.ts';
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
  const { StaticRoutesOnly = false, TunnelOptions = [] } = input.Options ?? {};
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
  const tags = tagsIn(input.TagSpecifications);
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
  const inside = options.map(({ TunnelInsideCidr: cidr, PreSharedKey: key }) => ({
    cidr: cidr === undefined ? undefined : canonical(cidr),
    key,
  }));
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
  const vpn = find(call, 'vpn-connection', input.VpnConnectionId);
  vpn.deletedAt ??= call.world.clock.now();
  forgetKeys(vpn, call);
  call.world.touched();
  return {};
}

function createVpnConnectionRoute(input: CreateVpnConnectionRouteCommandInput, call: Call): object {
  const vpn = find(call, 'vpn-connection', input.VpnConnectionId);
  const destination = canonical(input.DestinationCidrBlock ?? '');
  if (vpn.routing !== 'static')
    throw new AwsError('InvalidParameterValue', `The VPN connection ${vpn.id} does not use static routes.`);
  vpn.routes = [...new Set([...vpn.routes, destination])];
  call.world.touched();
  return {};
}

function deleteVpnConnectionRoute(input: DeleteVpnConnectionRouteCommandInput, call: Call): object {
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
