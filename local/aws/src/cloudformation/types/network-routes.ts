import type { AssociateRouteTableCommandOutput, CreateRouteTableCommandOutput } from '@aws-sdk/client-ec2';
import { allOf } from '../../ec2/kinds.ts';
import type { Properties, ResourceType } from '../resource-type.ts';
import { ask, given, knowing } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { text } from './values.ts';

const routeTable: ResourceType = {
  type: 'AWS::EC2::RouteTable',
  create: async (_world, made) => {
    const { RouteTable } = await ask<CreateRouteTableCommandOutput>(made, 'CreateRouteTable', {
      VpcId: text(made.properties, 'VpcId'),
      ...tagged(made, 'route-table'),
    });
    return RouteTable?.RouteTableId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteRouteTable', { RouteTableId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'route-table')[id];
    return found && { VpcId: found.vpc, ...readTags(found.tags) };
  },
  attributes: (_world, id) => ({ RouteTableId: id }),
};

const keyOf = (properties: Properties) => ({
  RouteTableId: text(properties, 'RouteTableId'),
  DestinationCidrBlock: text(properties, 'DestinationCidrBlock'),
});
const wayOf = (properties: Properties) => ({
  ...keyOf(properties),
  GatewayId: text(properties, 'GatewayId'),
  NatGatewayId: text(properties, 'NatGatewayId'),
});

const route: ResourceType = {
  type: 'AWS::EC2::Route',
  create: async (_world, made) => {
    await ask(made, 'CreateRoute', wayOf(made.properties));
    const { RouteTableId, DestinationCidrBlock } = keyOf(made.properties);
    return `${RouteTableId}|${DestinationCidrBlock}`;
  },
  update: async (_world, _id, made) => {
    await ask(made, 'ReplaceRoute', wayOf(made.properties));
  },
  remove: async (_world, _id, made) => {
    await ask(made, 'DeleteRoute', keyOf(made.properties));
  },
  read: (world, id, made) => {
    const [RouteTableId = '', DestinationCidrBlock = ''] = id.split('|');
    const found = allOf({ world, ...made }, 'route-table')[RouteTableId]?.routes[DestinationCidrBlock];
    return (
      found &&
      given({
        RouteTableId,
        DestinationCidrBlock,
        GatewayId: found.gateway,
        NatGatewayId: found.nat,
      })
    );
  },
  attributes: (_world, id) => ({ CidrBlock: id.split('|')[1] }),
};

const association: ResourceType = {
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  create: async (_world, made) => {
    const { properties } = made;
    const { AssociationId } = await ask<AssociateRouteTableCommandOutput>(made, 'AssociateRouteTable', {
      RouteTableId: text(properties, 'RouteTableId'),
      SubnetId: text(properties, 'SubnetId'),
    });
    return AssociationId ?? '';
  },
  update: () => {}, // either of its properties makes another one
  remove: async (_world, id, made) => {
    await ask(made, 'DisassociateRouteTable', { AssociationId: id });
  },
  read: (world, id, made) => {
    const tables = Object.values(allOf({ world, ...made }, 'route-table'));
    const table = tables.find(({ associations }) => associations[id]);
    return table && { RouteTableId: table.id, SubnetId: table.associations[id] };
  },
  attributes: (_world, id) => ({ Id: id }),
};

export const routeTypes: readonly ResourceType[] = [
  knowing(['VpcId', 'Tags'], routeTable),
  knowing(['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId'], route),
  knowing(['RouteTableId', 'SubnetId'], association),
];
