import type { Route as AwsRoute, RouteTable as AwsRouteTable } from '@aws-sdk/client-ec2';
import type { Call } from '../world/service.ts';
import { prefixListOf } from './endpoint-services.ts';
import { allOf, find, type Here } from './kinds.ts';
import { natState } from './nat-gateways.ts';
import type { RouteTable, Target } from './state.ts';
import { tagList } from './tags.ts';
import { staticRoutes } from './vpn-state.ts';

export function targetIds(routes: RouteTable['routes'], of: keyof Target): readonly string[] {
  return Object.values(routes).flatMap((target) => target[of] ?? []);
}

export function describeTable(table: RouteTable, call: Call): AwsRouteTable {
  const { id, vpc, main, associations, propagating, tags } = table;
  return {
    RouteTableId: id,
    VpcId: vpc,
    OwnerId: call.account,
    Routes: routesOf(table, call),
    Associations: [
      ...(main ? [association(mainAssociation(table), id, undefined)] : []),
      ...Object.entries(associations).map(([one, subnet]) => association(one, id, subnet)),
    ],
    PropagatingVgws: propagating.map((GatewayId) => ({ GatewayId })),
    Tags: tagList(tags),
  };
}

/** That of a main table with its VPC. */
export const mainAssociation = ({ id }: RouteTable) => `rtbassoc-${id.slice('rtb-'.length)}`;

function association(id: string, table: string, subnet: string | undefined) {
  return {
    RouteTableAssociationId: id,
    RouteTableId: table,
    ...(subnet === undefined ? { Main: true } : { Main: false, SubnetId: subnet }),
    AssociationState: { State: 'associated' as const },
  };
}

function routesOf(table: RouteTable, call: Call): AwsRoute[] {
  const { cidr } = find(call, 'vpc', table.vpc);
  const endpoints = Object.values(allOf(call, 'vpc-endpoint')).filter(({ routeTables }) =>
    routeTables.includes(table.id),
  );
  return [
    { DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
    ...Object.entries(table.routes).map(([destination, { gateway, nat }]) => ({
      DestinationCidrBlock: destination,
      ...(gateway !== undefined && { GatewayId: gateway }),
      ...(nat !== undefined && { NatGatewayId: nat }),
      Origin: 'CreateRoute' as const,
      State: leads(table, { gateway, nat }, call) ? ('active' as const) : ('blackhole' as const),
    })),
    ...endpoints.map(({ id, service }) => ({
      DestinationPrefixListId: prefixListOf(call.region, service),
      GatewayId: id,
      Origin: 'CreateRoute' as const,
      State: 'active' as const,
    })),
    ...propagated(table, call),
  ];
}

/** Routes that a VPN gateway tells of: the static ones of its connections. */
function propagated({ propagating, routes }: RouteTable, call: Call): AwsRoute[] {
  return propagating.flatMap((gateway) =>
    staticRoutes(call.world, call.account, call.region, gateway)
      .filter((destination) => routes[destination] === undefined)
      .map((destination) => ({
        DestinationCidrBlock: destination,
        GatewayId: gateway,
        Origin: 'EnableVgwRoutePropagation' as const,
        State: 'active' as const,
      })),
  );
}

/** Whether the target of a route is still there. */
function leads(
  { vpc }: RouteTable,
  { gateway, nat }: { readonly gateway: string | undefined; readonly nat: string | undefined },
  here: Here,
): boolean {
  if (nat !== undefined) {
    const found = allOf(here, 'natgateway')[nat];
    return found !== undefined && natState(found, here) === 'available';
  }
  const found = allOf(here, 'internet-gateway')[gateway ?? ''] ?? allOf(here, 'vpn-gateway')[gateway ?? ''];
  return found?.vpc === vpc;
}
