import type {
  Subnet as AwsSubnet,
  DescribeSubnetsCommandInput,
  DescribeSubnetsCommandOutput,
  Filter,
} from '@aws-sdk/client-ec2';
import { ec2Of, type Subnet } from '../ec2/state.ts';
import { vpnOperations } from '../ec2/vpn.ts';
import { freeAddresses } from '../ecs/room.ts';
import { matches } from '../policy/wildcard.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { type Ec2State, ec2Of, type SecurityGroup, type Subnet } from '../ec2/state.ts';
export { atCustomer, seedVpn, type VpnSeed, vpnsOf } from '../ec2/vpn-state.ts';

/** EC2 as far as the subnets in which tasks are placed, and VPN connections. */
export const ec2: Service = {
  name: 'ec2',
  sdk: '@aws-sdk/client-ec2',
  operations: { DescribeSubnets: describeSubnets, ...vpnOperations },
};

const FILTERS: Readonly<Record<string, (subnet: Subnet) => string>> = {
  'vpc-id': ({ vpc }) => vpc,
  'subnet-id': ({ id }) => id,
  'availability-zone': ({ zone }) => zone,
  availabilityZone: ({ zone }) => zone,
  'availability-zone-id': ({ zoneId }) => zoneId,
  'cidr-block': ({ cidr }) => cidr,
  state: () => 'available',
};

function describeSubnets(
  input: DescribeSubnetsCommandInput,
  call: Call,
): Output<DescribeSubnetsCommandOutput> {
  const { subnets } = ec2Of(call.world, call.account, call.region);
  const { SubnetIds = [], Filters = [], MaxResults, NextToken } = input;
  const absent = SubnetIds.filter((id) => !subnets[id]);
  if (absent.length > 0)
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${absent.join(', ')}' does not exist`);
  const asked = SubnetIds.length > 0 ? SubnetIds.flatMap((id) => subnets[id] ?? []) : Object.values(subnets);
  const found = asked.filter((subnet) => Filters.every((filter) => passes(subnet, filter)));
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString());
  if (!Number.isInteger(start)) throw new AwsError('InvalidNextToken', `The token '${NextToken}' is invalid`);
  const end = start + (MaxResults ?? found.length);
  return {
    Subnets: found.slice(start, end).map((subnet) => describe(subnet, call)),
    ...(end < found.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {}),
  };
}

function passes(subnet: Subnet, { Name = '', Values = [] }: Filter): boolean {
  const tag = /^tag:(.+)$/.exec(Name)?.[1];
  const read = tag === undefined ? FILTERS[Name] : () => subnet.tags[tag] ?? '';
  if (!read) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  return Values.some((value) => matches(value, read(subnet)));
}

function describe(subnet: Subnet, { world, account, region }: Call): AwsSubnet {
  return {
    SubnetId: subnet.id,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${subnet.id}`,
    VpcId: subnet.vpc,
    OwnerId: account,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    AvailableIpAddressCount: freeAddresses(world, account, region, subnet),
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: Object.entries(subnet.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
