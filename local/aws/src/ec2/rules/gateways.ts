import type {
  AllocateAddressCommandInput,
  CreateNatGatewayCommandInput,
  CreateRouteCommandInput,
  DeleteRouteCommandInput,
  ReleaseAddressCommandInput,
} from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import { canonical, contains, isRange } from '../cidr.ts';
import { allOf } from '../kinds.ts';
import { rangeMistakes } from './ranges.ts';

const NAT = 'CreateNatGateway - Amazon Elastic Compute Cloud';
const ROUTE = 'CreateRoute - Amazon Elastic Compute Cloud';
const TABLES = 'Route table concepts - Amazon Virtual Private Cloud';

/** Where AWS's own services are: a route table has no route into it. */
const OF_AWS = '169.254.168.0/22';

const TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'OdbNetworkArn',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
] as const;

const to = (DestinationCidrBlock: string, target: object = { GatewayId: 'igw-1' }) => ({
  RouteTableId: 'rtb-1',
  DestinationCidrBlock,
  ...target,
});

/** Addresses, NAT gateways and routes: the ways out. */
export const gatewayRules: readonly Rule[] = [
  {
    operations: ['AllocateAddress'],
    page: 'AllocateAddress - Amazon Elastic Compute Cloud',
    says: 'An address is for VPCs; EC2-Classic is no more.',
    code: 'InvalidParameterValue',
    *mistakes({ Domain = 'vpc' }: AllocateAddressCommandInput) {
      if (Domain !== 'vpc') yield `Value (${Domain}) for parameter domain is invalid.`;
    },
    shownBy: [{ Domain: 'standard' }],
  },
  {
    operations: ['ReleaseAddress'],
    page: 'ReleaseAddress - Amazon Elastic Compute Cloud',
    says: 'An address is named by its allocation ID.',
    code: 'MissingParameter',
    *mistakes({ AllocationId }: ReleaseAddressCommandInput) {
      if (AllocationId === undefined) yield 'The request must contain the parameter AllocationId';
    },
    shownBy: [{}, { PublicIp: '198.18.0.1' }],
  },
  {
    operations: ['CreateNatGateway'],
    page: NAT,
    says: 'A zonal NAT gateway is in a subnet, a public one has an address of its own.',
    code: 'MissingParameter',
    *mistakes(input: CreateNatGatewayCommandInput) {
      const { SubnetId, AllocationId, ConnectivityType = 'public', AvailabilityMode = 'zonal' } = input;
      if (AvailabilityMode !== 'zonal') return;
      if (SubnetId === undefined) yield 'The request must contain the parameter SubnetId';
      if (ConnectivityType === 'public' && AllocationId === undefined)
        yield 'The request must include the AllocationId parameter. Add the required parameter and retry the request.';
    },
    shownBy: [{ SubnetId: 'subnet-1' }, { AllocationId: 'eipalloc-1' }],
  },
  {
    operations: ['CreateNatGateway'],
    page: NAT,
    says: 'A private NAT gateway has no address of its own.',
    code: 'InvalidParameterCombination',
    *mistakes({ AllocationId, ConnectivityType }: CreateNatGatewayCommandInput) {
      if (ConnectivityType === 'private' && AllocationId !== undefined)
        yield 'You cannot specify an Elastic IP address with a private NAT gateway.';
    },
    shownBy: [{ SubnetId: 'subnet-1', ConnectivityType: 'private', AllocationId: 'eipalloc-1' }],
  },
  {
    operations: ['CreateNatGateway'],
    page: NAT,
    says: 'A client token has up to 64 ASCII characters.',
    code: 'InvalidParameterValue',
    *mistakes({ ClientToken = '' }: CreateNatGatewayCommandInput) {
      if (!/^[\x20-\x7e]{0,64}$/.test(ClientToken)) yield 'Invalid value for ClientToken.';
    },
    shownBy: [{ ClientToken: 'x'.repeat(65) }, { ClientToken: 'größe' }],
  },
  {
    operations: ['CreateNatGateway'],
    page: 'Ensuring idempotency in Amazon EC2 API requests - Amazon Elastic Compute Cloud',
    says: 'A client token that was used comes with the same parameters again.',
    code: 'IdempotentParameterMismatch',
    *mistakes({ ClientToken, SubnetId, AllocationId }: CreateNatGatewayCommandInput, call) {
      const before = Object.values(allOf(call, 'natgateway')).find(
        ({ token }) => ClientToken !== undefined && token === ClientToken,
      );
      if (before && (before.subnet !== SubnetId || before.address !== AllocationId))
        yield 'The client token that you provided is associated with a request with different parameters.';
    },
    shownBy: 'ec2-refusals.test.ts',
  },
  {
    operations: ['CreateRoute', 'ReplaceRoute', 'DeleteRoute'],
    page: ROUTE,
    says: 'A route has one destination.',
    code: 'InvalidParameterCombination',
    *mistakes(input: DeleteRouteCommandInput) {
      const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = input;
      const given = [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId];
      if (given.filter((one) => one !== undefined).length !== 1)
        yield 'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId';
    },
    shownBy: [{ RouteTableId: 'rtb-1' }, to('0.0.0.0/0', { DestinationPrefixListId: 'pl-1' })],
  },
  {
    operations: ['CreateRoute', 'ReplaceRoute', 'DeleteRoute'],
    page: ROUTE,
    says: 'A destination is written in CIDR notation.',
    code: 'InvalidParameterValue',
    *mistakes({ DestinationCidrBlock }: DeleteRouteCommandInput) {
      yield* rangeMistakes(DestinationCidrBlock, 'destinationCidrBlock');
    },
    shownBy: [to('0.0.0.0'), to('10.0.0.300/8')],
  },
  {
    operations: ['CreateRoute', 'ReplaceRoute'],
    page: ROUTE,
    says: 'A route has one target.',
    code: 'InvalidParameterCombination',
    *mistakes(input: CreateRouteCommandInput) {
      const given = TARGETS.filter((name) => input[name] !== undefined);
      if (given.length !== 1) yield `The request must contain exactly one of ${targetNames()}`;
    },
    shownBy: [to('0.0.0.0/0', {}), to('0.0.0.0/0', { GatewayId: 'igw-1', NatGatewayId: 'nat-1' })],
  },
  {
    operations: ['CreateRoute', 'ReplaceRoute'],
    page: TABLES,
    says: `No route leads into ${OF_AWS}, which AWS keeps for its services.`,
    code: 'InvalidParameterValue',
    *mistakes({ DestinationCidrBlock = '' }: CreateRouteCommandInput) {
      if (isRange(DestinationCidrBlock) && contains(OF_AWS, DestinationCidrBlock))
        yield `The destination CIDR block ${DestinationCidrBlock} is reserved.`;
    },
    shownBy: [to('169.254.168.0/22'), to('169.254.169.254/32')],
  },
  {
    operations: ['CreateRoute'],
    page: TABLES,
    says: "A route table has one route to a destination, and the local one to its VPC's range.",
    code: 'RouteAlreadyExists',
    *mistakes({ RouteTableId = '', DestinationCidrBlock = '' }: CreateRouteCommandInput, call) {
      const table = allOf(call, 'route-table')[RouteTableId];
      if (!table || !isRange(DestinationCidrBlock)) return;
      const destination = canonical(DestinationCidrBlock);
      if (table.routes[destination] || allOf(call, 'vpc')[table.vpc]?.cidr === destination)
        yield `The route identified by ${destination} already exists.`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
  {
    operations: ['CreateRoute'],
    page: TABLES,
    says: 'A route within the range of the VPC is to one whole subnet, through a NAT gateway, an interface or an endpoint.',
    code: 'InvalidParameterValue',
    *mistakes(input: CreateRouteCommandInput, call) {
      const { RouteTableId = '', DestinationCidrBlock = '', GatewayId } = input;
      const { vpc } = allOf(call, 'route-table')[RouteTableId] ?? {};
      const range = allOf(call, 'vpc')[vpc ?? '']?.cidr;
      if (range === undefined || !isRange(DestinationCidrBlock)) return;
      const destination = canonical(DestinationCidrBlock);
      if (destination === range || !contains(range, destination)) return;
      const subnets = Object.values(allOf(call, 'subnet')).filter((subnet) => subnet.vpc === vpc);
      if (GatewayId !== undefined || !subnets.some(({ cidr }) => cidr === destination))
        yield `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
];

function targetNames(): string {
  return TARGETS.map((name) => name.charAt(0).toLowerCase() + name.slice(1)).join(', ');
}
