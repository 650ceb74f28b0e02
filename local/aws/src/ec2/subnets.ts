import type {
  Subnet as AwsSubnet,
  CreateSubnetCommandInput,
  CreateSubnetCommandOutput,
  DeleteSubnetCommandInput,
  DescribeSubnetsCommandInput,
  DescribeSubnetsCommandOutput,
  ModifySubnetAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import { freeAddresses } from '../ecs/room.ts';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import type { Call, Handler } from '../world/service.ts';
import { canonical } from './cidr.ts';
import { dependency, isOccupied } from './dependencies.ts';
import { described } from './describe.ts';
import { allOf, arnOf, find, newId } from './kinds.ts';
import { ec2Of, type Subnet } from './state.ts';
import { tagList, tagsIn } from './tags.ts';
import { zoneAsked } from './zones.ts';

export const subnetOperations: Readonly<Record<string, Handler>> = {
  CreateSubnet: createSubnet,
  DeleteSubnet: deleteSubnet,
  DescribeSubnets: describeSubnets,
  ModifySubnetAttribute: modifySubnetAttribute,
};

function createSubnet(input: CreateSubnetCommandInput, call: Call): Output<CreateSubnetCommandOutput> {
  const vpc = find(call, 'vpc', input.VpcId);
  const zone = zoneAsked(call.region, input);
  const cidr = canonical(input.CidrBlock ?? '');
  const neighbours = Object.values(allOf(call, 'subnet')).filter((subnet) => subnet.vpc === vpc.id);
  const tags = tagsIn(input.TagSpecifications);
  withinQuota(call, 'subnets', neighbours.length);
  const subnet: Subnet = {
    id: newId(call, 'subnet'),
    vpc: vpc.id,
    cidr,
    zone: zone.name,
    zoneId: zone.id,
    heldByOthers: 0,
    tags,
  };
  allOf(call, 'subnet')[subnet.id] = subnet;
  call.world.touched();
  return { Subnet: describe(subnet, call) };
}

function deleteSubnet(input: DeleteSubnetCommandInput, call: Call): object {
  const subnet = find(call, 'subnet', input.SubnetId);
  if (isOccupied(call, subnet)) throw dependency('subnet', subnet.id);
  const { subnets, routeTables } = ec2Of(call.world, call.account, call.region);
  for (const { associations } of Object.values(routeTables))
    for (const [id, of] of Object.entries(associations)) if (of === subnet.id) delete associations[id];
  delete subnets[subnet.id];
  call.world.touched();
  return {};
}

function modifySubnetAttribute(input: ModifySubnetAttributeCommandInput, call: Call): object {
  const subnet = find(call, 'subnet', input.SubnetId);
  if (input.MapPublicIpOnLaunch?.Value !== undefined)
    subnet.publicAddresses = input.MapPublicIpOnLaunch.Value;
  call.world.touched();
  return {};
}

function describeSubnets(
  input: DescribeSubnetsCommandInput,
  call: Call,
): Output<DescribeSubnetsCommandOutput> {
  const { found, next } = described(call, 'subnet', input, 'SubnetIds', {
    'vpc-id': ({ vpc }) => vpc,
    'subnet-id': ({ id }) => id,
    'availability-zone': ({ zone }) => zone,
    availabilityZone: ({ zone }) => zone,
    'availability-zone-id': ({ zoneId }) => zoneId,
    'cidr-block': ({ cidr }) => cidr,
    'map-public-ip-on-launch': ({ publicAddresses = false }) => String(publicAddresses),
    state: () => 'available',
  });
  return { Subnets: found.map((subnet) => describe(subnet, call)), ...next };
}

function describe(subnet: Subnet, call: Call): AwsSubnet {
  const { world, account, region } = call;
  return {
    SubnetId: subnet.id,
    SubnetArn: arnOf(call, 'subnet', subnet.id),
    VpcId: subnet.vpc,
    OwnerId: account,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    AvailableIpAddressCount: freeAddresses(world, account, region, subnet),
    DefaultForAz: false,
    MapPublicIpOnLaunch: subnet.publicAddresses ?? false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: tagList(subnet.tags),
  };
}
