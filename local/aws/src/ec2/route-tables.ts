import type {
  AssociateRouteTableCommandInput,
  AssociateRouteTableCommandOutput,
  CreateRouteTableCommandInput,
  CreateRouteTableCommandOutput,
  DeleteRouteTableCommandInput,
  DescribeRouteTablesCommandInput,
  DescribeRouteTablesCommandOutput,
  DisassociateRouteTableCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { dependency } from './dependencies.ts';
import { described } from './describe.ts';
import { describeTable, mainAssociation, targetIds } from './describe-routes.ts';
import { allOf, find, newId } from './kinds.ts';
import type { RouteTable } from './state.ts';
import { tagsIn } from './tags.ts';

export const routeTableOperations: Readonly<Record<string, Handler>> = {
  CreateRouteTable: create,
  DeleteRouteTable: remove,
  DescribeRouteTables: describeAll,
  AssociateRouteTable: associate,
  DisassociateRouteTable: disassociate,
};

function create(input: CreateRouteTableCommandInput, call: Call): Output<CreateRouteTableCommandOutput> {
  const vpc = find(call, 'vpc', input.VpcId);
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'route-table');
  withinQuota(call, 'routeTables', Object.values(all).filter((table) => table.vpc === vpc.id).length);
  const table: RouteTable = {
    id: newId(call, 'rtb'),
    vpc: vpc.id,
    main: false,
    routes: {},
    associations: {},
    propagating: [],
    tags,
  };
  all[table.id] = table;
  call.world.touched();
  return { RouteTable: describeTable(table, call) };
}

function remove(input: DeleteRouteTableCommandInput, call: Call): object {
  const { id, main, associations } = find(call, 'route-table', input.RouteTableId);
  if (main || Object.keys(associations).length > 0) throw dependency('routeTable', id);
  for (const endpoint of Object.values(allOf(call, 'vpc-endpoint')))
    endpoint.routeTables = endpoint.routeTables.filter((table) => table !== id);
  delete allOf(call, 'route-table')[id];
  call.world.touched();
  return {};
}

function associate(
  input: AssociateRouteTableCommandInput,
  call: Call,
): Output<AssociateRouteTableCommandOutput> {
  const table = find(call, 'route-table', input.RouteTableId);
  const subnet = find(call, 'subnet', input.SubnetId);
  if (table.vpc !== subnet.vpc)
    throw new AwsError(
      'InvalidParameterValue',
      `Route table ${table.id} and network ${subnet.vpc} belong to different networks`,
    );
  const tables = Object.values(allOf(call, 'route-table'));
  if (tables.some(({ associations }) => Object.values(associations).includes(subnet.id)))
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.id} conflicts with an existing association`,
    );
  const id = newId(call, 'rtbassoc');
  table.associations[id] = subnet.id;
  call.world.touched();
  return { AssociationId: id, AssociationState: { State: 'associated' } };
}

function disassociate(input: DisassociateRouteTableCommandInput, call: Call): object {
  const { AssociationId: id = '' } = input;
  const tables = Object.values(allOf(call, 'route-table'));
  if (tables.some((one) => one.main && mainAssociation(one) === id))
    throw new AwsError('InvalidParameterValue', `cannot disassociate the main route table association ${id}`);
  const table = tables.find(({ associations }) => associations[id]);
  if (!table)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  delete table.associations[id];
  call.world.touched();
  return {};
}

function describeAll(
  input: DescribeRouteTablesCommandInput,
  call: Call,
): Output<DescribeRouteTablesCommandOutput> {
  const { found, next } = described(call, 'route-table', input, 'RouteTableIds', {
    'route-table-id': ({ id }) => id,
    'vpc-id': ({ vpc }) => vpc,
    'association.subnet-id': ({ associations }) => Object.values(associations),
    'association.route-table-association-id': ({ associations }) => Object.keys(associations),
    'association.main': ({ main }) => String(main),
    'route.destination-cidr-block': ({ routes }) => Object.keys(routes),
    'route.nat-gateway-id': ({ routes }) => targetIds(routes, 'nat'),
    'route.gateway-id': ({ routes }) => ['local', ...targetIds(routes, 'gateway')],
  });
  return { RouteTables: found.map((table) => describeTable(table, call)), ...next };
}
