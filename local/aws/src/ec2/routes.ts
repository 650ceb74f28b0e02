import type {
  CreateRouteCommandInput,
  CreateRouteCommandOutput,
  DeleteRouteCommandInput,
  DisableVgwRoutePropagationCommandInput,
  EnableVgwRoutePropagationCommandInput,
  ReplaceRouteCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { canonical } from './cidr.ts';
import { allOf, find, type Here } from './kinds.ts';
import type { RouteTable, Target } from './state.ts';

export const routeOperations: Readonly<Record<string, Handler>> = {
  CreateRoute: createRoute,
  ReplaceRoute: replaceRoute,
  DeleteRoute: deleteRoute,
  EnableVgwRoutePropagation: (input: EnableVgwRoutePropagationCommandInput, call) => {
    const table = find(call, 'route-table', input.RouteTableId);
    const { id, vpc } = find(call, 'vpn-gateway', input.GatewayId);
    if (vpc !== table.vpc)
      throw new AwsError('Gateway.NotAttached', `resource ${id} is not attached to network ${table.vpc}`);
    table.propagating = [...new Set([...table.propagating, id])];
    call.world.touched();
    return {};
  },
  DisableVgwRoutePropagation: (input: DisableVgwRoutePropagationCommandInput, call) => {
    const table = find(call, 'route-table', input.RouteTableId);
    const gateway = find(call, 'vpn-gateway', input.GatewayId);
    table.propagating = table.propagating.filter((id) => id !== gateway.id);
    call.world.touched();
    return {};
  },
};

function createRoute(input: CreateRouteCommandInput, call: Call): Output<CreateRouteCommandOutput> {
  const table = find(call, 'route-table', input.RouteTableId);
  const destination = canonical(input.DestinationCidrBlock ?? '');
  withinQuota(call, 'routes', Object.keys(table.routes).length);
  table.routes[destination] = targetOf(input, table, call);
  call.world.touched();
  return { Return: true };
}

function replaceRoute(input: ReplaceRouteCommandInput, call: Call): object {
  const { table, destination } = existing(input, call);
  table.routes[destination] = targetOf(input, table, call);
  call.world.touched();
  return {};
}

function deleteRoute(input: DeleteRouteCommandInput, call: Call): object {
  const { table, destination } = existing(input, call);
  delete table.routes[destination];
  call.world.touched();
  return {};
}

interface RouteAsked {
  readonly RouteTableId?: string | undefined;
  readonly DestinationCidrBlock?: string | undefined;
  readonly GatewayId?: string | undefined;
  readonly NatGatewayId?: string | undefined;
}

function existing({ RouteTableId, DestinationCidrBlock }: RouteAsked, here: Here) {
  const table = find(here, 'route-table', RouteTableId);
  const destination = canonical(DestinationCidrBlock ?? '');
  if (table.routes[destination]) return { table, destination };
  if (destination === find(here, 'vpc', table.vpc).cidr)
    throw new AwsError(
      'InvalidParameterValue',
      `cannot remove local route ${destination} in route table ${table.id}`,
    );
  throw new AwsError(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${destination} in route table ${table.id}`,
  );
}

/** A gateway of the table's own VPC: one of the internet or of VPN connections, or a NAT gateway. */
function targetOf({ GatewayId, NatGatewayId }: RouteAsked, table: RouteTable, here: Here): Target {
  const [nat, gateway] = [NatGatewayId, GatewayId];
  const found = nat === undefined ? gatewayTarget(here, gateway ?? '') : natTarget(here, nat);
  if (found.vpc !== table.vpc)
    throw new AwsError(
      'InvalidParameterValue',
      `route table ${table.id} and network gateway ${found.id} belong to different networks`,
    );
  return nat === undefined ? { gateway: found.id } : { nat: found.id };
}

/** Routes have words of their own for gateways that are not there. */
function gatewayTarget(here: Here, id: string) {
  const found = allOf(here, 'vpn-gateway')[id] ?? allOf(here, 'internet-gateway')[id];
  if (found) return found;
  throw new AwsError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
}

function natTarget(here: Here, id: string) {
  const found = allOf(here, 'natgateway')[id];
  if (found) return found;
  throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
}
