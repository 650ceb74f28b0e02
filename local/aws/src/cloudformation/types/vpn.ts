import type {
  CreateCustomerGatewayCommandOutput,
  CreateVpnConnectionCommandOutput,
  CreateVpnGatewayCommandOutput,
} from '@aws-sdk/client-ec2';
import { allOf } from '../../ec2/kinds.ts';
import { EXTENDED } from '../../ec2/vpn-gateways.ts';
import { vpnState } from '../../ec2/vpn-state.ts';
import type { World } from '../../world/world.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { ask, flag, given, knowing } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { list, numberOf, text } from './values.ts';

const customerGateway: ResourceType = {
  type: 'AWS::EC2::CustomerGateway',
  create: async (_world, made) => {
    const { properties } = made;
    const { CustomerGateway } = await ask<CreateCustomerGatewayCommandOutput>(made, 'CreateCustomerGateway', {
      Type: text(properties, 'Type'),
      IpAddress: text(properties, 'IpAddress'),
      BgpAsn: numberOf(properties, 'BgpAsn'),
      BgpAsnExtended: numberOf(properties, 'BgpAsnExtended'),
      DeviceName: text(properties, 'DeviceName'),
      ...tagged(made, 'customer-gateway'),
    });
    return CustomerGateway?.CustomerGatewayId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteCustomerGateway', { CustomerGatewayId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'customer-gateway')[id];
    return (
      found && {
        Type: 'ipsec.1',
        IpAddress: found.ip,
        ...(Number(found.asn) < EXTENDED
          ? { BgpAsn: Number(found.asn) }
          : { BgpAsnExtended: Number(found.asn) }),
        ...(found.device !== undefined && { DeviceName: found.device }),
        ...readTags(found.tags),
      }
    );
  },
  attributes: (_world, id) => ({ CustomerGatewayId: id }),
};

const vpnGateway: ResourceType = {
  type: 'AWS::EC2::VPNGateway',
  create: async (_world, made) => {
    const { properties } = made;
    const { VpnGateway } = await ask<CreateVpnGatewayCommandOutput>(made, 'CreateVpnGateway', {
      Type: text(properties, 'Type'),
      AmazonSideAsn: numberOf(properties, 'AmazonSideAsn'),
      ...tagged(made, 'vpn-gateway'),
    });
    return VpnGateway?.VpnGatewayId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteVpnGateway', { VpnGatewayId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpn-gateway')[id];
    return found && { Type: 'ipsec.1', AmazonSideAsn: found.asn, ...readTags(found.tags) };
  },
  attributes: (_world, id) => ({ VPNGatewayId: id }),
};

const stateOf = (world: World, id: string, made: Making) => {
  const found = allOf({ world, ...made }, 'vpn-connection')[id];
  return found ? vpnState(found, world.clock.now()) : 'deleted';
};

const connection: ResourceType = {
  type: 'AWS::EC2::VPNConnection',
  create: async (_world, made) => {
    const { properties } = made;
    const tunnels = properties['VpnTunnelOptionsSpecifications'];
    const { VpnConnection } = await ask<CreateVpnConnectionCommandOutput>(made, 'CreateVpnConnection', {
      Type: text(properties, 'Type'),
      CustomerGatewayId: text(properties, 'CustomerGatewayId'),
      VpnGatewayId: text(properties, 'VpnGatewayId'),
      PreSharedKeyStorage: text(properties, 'PreSharedKeyStorage'),
      Options: given({ StaticRoutesOnly: flag(properties, 'StaticRoutesOnly'), TunnelOptions: tunnels }),
      ...tagged(made, 'vpn-connection'),
    });
    return VpnConnection?.VpnConnectionId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteVpnConnection', { VpnConnectionId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpn-connection')[id];
    if (!found || ['deleting', 'deleted'].includes(stateOf(world, id, made))) return undefined;
    const inside = found.tunnels.map(({ insideCidr }) => ({ TunnelInsideCidr: insideCidr }));
    return {
      Type: 'ipsec.1',
      CustomerGatewayId: found.customerGatewayId,
      VpnGatewayId: found.vpnGatewayId,
      StaticRoutesOnly: found.routing === 'static',
      PreSharedKeyStorage: found.storage,
      VpnTunnelOptionsSpecifications: inside,
      ...readTags(found.tags),
    };
  },
  attributes: (_world, id) => ({ VpnConnectionId: id }),
  stable: (world, id, made) => stateOf(world, id, made) !== 'pending' || 'in progress',
  removed: (world, id, made) => (stateOf(world, id, made) === 'deleting' ? 'in progress' : true),
};

const routeOf = (properties: Properties) => ({
  VpnConnectionId: text(properties, 'VpnConnectionId'),
  DestinationCidrBlock: text(properties, 'DestinationCidrBlock'),
});

const connectionRoute: ResourceType = {
  type: 'AWS::EC2::VPNConnectionRoute',
  create: async (_world, made) => {
    const input = routeOf(made.properties);
    await ask(made, 'CreateVpnConnectionRoute', input);
    return `${input.DestinationCidrBlock}|${input.VpnConnectionId}`;
  },
  update: () => {}, // either of its properties makes another one
  remove: async (_world, _id, made) => {
    await ask(made, 'DeleteVpnConnectionRoute', routeOf(made.properties));
  },
  read: (world, id, made) => {
    const [DestinationCidrBlock = '', VpnConnectionId = ''] = id.split('|');
    const found = allOf({ world, ...made }, 'vpn-connection')[VpnConnectionId];
    return found?.routes.includes(DestinationCidrBlock)
      ? { VpnConnectionId, DestinationCidrBlock }
      : undefined;
  },
};

/** Route tables that take over the routes of a VPN gateway, as one resource. */
const propagation: ResourceType = {
  type: 'AWS::EC2::VPNGatewayRoutePropagation',
  create: async (_world, made) => {
    const id = made.newName();
    for (const table of list(made.properties, 'RouteTableIds')) await propagate(made, made.properties, table);
    return id;
  },
  update: async (_world, _id, made, before) => {
    const [is, was] = [list(made.properties, 'RouteTableIds'), list(before, 'RouteTableIds')];
    const other = text(before, 'VpnGatewayId') !== text(made.properties, 'VpnGatewayId');
    for (const table of was.filter((one) => other || !is.includes(one)))
      await propagate(made, before, table, 'Disable');
    for (const table of is.filter((one) => other || !was.includes(one)))
      await propagate(made, made.properties, table);
  },
  remove: async (world, _id, made) => {
    const tables = allOf({ world, ...made }, 'route-table');
    for (const table of list(made.properties, 'RouteTableIds').filter((one) => tables[one]))
      await propagate(made, made.properties, table, 'Disable');
  },
  read: (world, _id, made) => {
    const gateway = text(made.properties, 'VpnGatewayId') ?? '';
    const tables = Object.values(allOf({ world, ...made }, 'route-table'));
    const having = tables.filter(({ propagating }) => propagating.includes(gateway)).map(({ id }) => id);
    const order = list(made.properties, 'RouteTableIds').filter((id) => having.includes(id));
    const ids = [...order, ...having.filter((id) => !order.includes(id))];
    return ids.length === 0 ? undefined : { RouteTableIds: ids, VpnGatewayId: gateway };
  },
  attributes: (_world, id) => ({ Id: id }),
};

async function propagate(
  made: Making,
  properties: Properties,
  RouteTableId: string,
  how: 'Enable' | 'Disable' = 'Enable',
): Promise<void> {
  await ask(made, `${how}VgwRoutePropagation`, { RouteTableId, GatewayId: text(properties, 'VpnGatewayId') });
}

export const vpnTypes: readonly ResourceType[] = [
  knowing(['Type', 'IpAddress', 'BgpAsn', 'BgpAsnExtended', 'DeviceName', 'Tags'], customerGateway),
  knowing(['Type', 'AmazonSideAsn', 'Tags'], vpnGateway),
  knowing(
    [
      'Type',
      'CustomerGatewayId',
      'VpnGatewayId',
      'StaticRoutesOnly',
      'PreSharedKeyStorage',
      'VpnTunnelOptionsSpecifications',
      'Tags',
    ],
    connection,
  ),
  knowing(['VpnConnectionId', 'DestinationCidrBlock'], connectionRoute),
  knowing(['RouteTableIds', 'VpnGatewayId'], propagation),
];
