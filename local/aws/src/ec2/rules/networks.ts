import type {
  CreateSubnetCommandInput,
  CreateVpcCommandInput,
  ModifySubnetAttributeCommandInput,
  ModifyVpcAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import { canonical, contains, isNetworkSize, isRange, overlap } from '../cidr.ts';
import { allOf } from '../kinds.ts';
import { zonesOf } from '../zones.ts';
import { rangeMistakes } from './ranges.ts';

const VPCS = 'VPC CIDR blocks - Amazon Virtual Private Cloud';
const SUBNETS = 'Subnet CIDR blocks - Amazon Virtual Private Cloud';
const CREATE_SUBNET = 'CreateSubnet - Amazon Elastic Compute Cloud';
const ATTRIBUTE = 'ModifyVpcAttribute - Amazon Elastic Compute Cloud';

const LINK_LOCAL = '169.254.0.0/16';

/** VPCs and subnets. */
export const networkRules: readonly Rule[] = [
  {
    operations: ['CreateVpc'],
    page: 'CreateVpc - Amazon Elastic Compute Cloud',
    says: 'A VPC has an IPv4 range, its own or one of a pool.',
    code: 'MissingParameter',
    *mistakes({ CidrBlock, Ipv4IpamPoolId }: CreateVpcCommandInput) {
      if (CidrBlock === undefined && Ipv4IpamPoolId === undefined)
        yield "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.";
    },
    shownBy: [{}],
  },
  {
    operations: ['CreateSubnet'],
    page: CREATE_SUBNET,
    says: 'A subnet has an IPv4 range, unless it has one of a pool or is for IPv6 alone.',
    code: 'MissingParameter',
    *mistakes({ CidrBlock, Ipv4IpamPoolId, Ipv6Native }: CreateSubnetCommandInput) {
      if (CidrBlock === undefined && Ipv4IpamPoolId === undefined && !Ipv6Native)
        yield "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.";
    },
    shownBy: [{ VpcId: 'vpc-1' }],
  },
  {
    operations: ['CreateVpc', 'CreateSubnet'],
    page: 'CreateVpc - Amazon Elastic Compute Cloud',
    says: 'A range is written in CIDR notation.',
    code: 'InvalidParameterValue',
    *mistakes({ CidrBlock }: CreateVpcCommandInput) {
      yield* rangeMistakes(CidrBlock, 'cidrBlock');
    },
    shownBy: [{ CidrBlock: '10.0.0.300/16' }, { CidrBlock: '10.0.0.0' }, { CidrBlock: '10.0.0.0/33' }],
  },
  {
    operations: ['CreateVpc'],
    page: VPCS,
    says: 'The range of a VPC is between /16 and /28.',
    code: 'InvalidVpc.Range',
    *mistakes({ CidrBlock = '' }: CreateVpcCommandInput) {
      if (isRange(CidrBlock) && !isNetworkSize(CidrBlock)) yield `The CIDR '${CidrBlock}' is invalid.`;
    },
    shownBy: [{ CidrBlock: '10.0.0.0/15' }, { CidrBlock: '10.0.0.0/29' }],
  },
  {
    operations: ['CreateVpc'],
    page: VPCS,
    says: 'The link local range is reserved.',
    code: 'InvalidVpc.Range',
    *mistakes({ CidrBlock = '' }: CreateVpcCommandInput) {
      if (isRange(CidrBlock) && overlap(LINK_LOCAL, CidrBlock)) yield `The CIDR '${CidrBlock}' is invalid.`;
    },
    shownBy: [{ CidrBlock: '169.254.0.0/16' }, { CidrBlock: '169.254.32.0/24' }],
  },
  {
    operations: ['CreateSubnet'],
    page: SUBNETS,
    says: 'The range of a subnet is between /16 and /28.',
    code: 'InvalidSubnet.Range',
    *mistakes({ CidrBlock = '' }: CreateSubnetCommandInput) {
      if (isRange(CidrBlock) && !isNetworkSize(CidrBlock)) yield `The CIDR '${CidrBlock}' is invalid.`;
    },
    shownBy: [{ CidrBlock: '10.0.0.0/15' }, { CidrBlock: '10.0.0.0/29' }],
  },
  {
    operations: ['CreateSubnet'],
    page: SUBNETS,
    says: "A subnet is within its VPC's range.",
    code: 'InvalidSubnet.Range',
    *mistakes({ VpcId = '', CidrBlock = '' }: CreateSubnetCommandInput, call) {
      const vpc = allOf(call, 'vpc')[VpcId];
      if (vpc && isRange(CidrBlock) && !contains(vpc.cidr, CidrBlock))
        yield `The CIDR '${CidrBlock}' is invalid.`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
  {
    operations: ['CreateSubnet'],
    page: SUBNETS,
    says: 'Subnets of a VPC do not overlap.',
    code: 'InvalidSubnet.Conflict',
    *mistakes({ VpcId, CidrBlock = '' }: CreateSubnetCommandInput, call) {
      if (!isRange(CidrBlock)) return;
      const neighbours = Object.values(allOf(call, 'subnet')).filter(({ vpc }) => vpc === VpcId);
      if (neighbours.some(({ cidr }) => overlap(cidr, canonical(CidrBlock))))
        yield `The CIDR '${CidrBlock}' conflicts with another subnet`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
  {
    operations: ['CreateSubnet'],
    page: CREATE_SUBNET,
    says: 'A subnet is in one zone of its region, by name or by id.',
    code: 'InvalidParameterValue',
    *mistakes({ AvailabilityZone: name, AvailabilityZoneId: id }: CreateSubnetCommandInput, { region }) {
      const zones = zonesOf(region);
      const where = `is invalid. Subnets can currently only be created in the following availability zones:`;
      if (name !== undefined && !zones.some((zone) => zone.name === name))
        yield `Value (${name}) for parameter availabilityZone ${where} ${zones.map((zone) => zone.name).join(', ')}.`;
      if (id !== undefined && !zones.some((zone) => zone.id === id))
        yield `Value (${id}) for parameter availabilityZoneId ${where} ${zones.map((zone) => zone.id).join(', ')}.`;
    },
    shownBy: [{ AvailabilityZone: 'eu-west-1z' }, { AvailabilityZoneId: 'euw1-az9' }],
  },
  {
    operations: ['CreateSubnet'],
    page: CREATE_SUBNET,
    says: 'The name and the id of a zone are not both given.',
    code: 'InvalidParameterCombination',
    *mistakes({ AvailabilityZone, AvailabilityZoneId }: CreateSubnetCommandInput) {
      if (AvailabilityZone !== undefined && AvailabilityZoneId !== undefined)
        yield "Only one of 'availabilityZone' or 'availabilityZoneId' may be specified.";
    },
    shownBy: [{ AvailabilityZone: 'eu-west-1a', AvailabilityZoneId: 'euw1-az1' }],
  },
  {
    operations: ['ModifySubnetAttribute'],
    page: 'ModifySubnetAttribute - Amazon Elastic Compute Cloud',
    says: 'One request modifies one attribute of a subnet.',
    code: 'InvalidParameterCombination',
    *mistakes({ SubnetId, ...attributes }: ModifySubnetAttributeCommandInput) {
      const given = Object.values(attributes).filter((value) => value !== undefined).length;
      if (given !== 1)
        yield given === 0 ? 'No attributes specified.' : 'Fields for multiple attribute types specified';
    },
    shownBy: [
      { SubnetId: 'subnet-1' },
      { SubnetId: 'subnet-1', MapPublicIpOnLaunch: { Value: true }, EnableDns64: { Value: true } },
    ],
  },
  {
    operations: ['ModifyVpcAttribute'],
    page: ATTRIBUTE,
    says: 'DNS support and DNS host names are modified in separate requests.',
    code: 'InvalidParameterCombination',
    *mistakes({ VpcId, ...attributes }: ModifyVpcAttributeCommandInput) {
      const given = Object.values(attributes).filter((value) => value !== undefined).length;
      if (given !== 1)
        yield given === 0 ? 'No attributes specified.' : 'Fields for multiple attribute types specified';
    },
    shownBy: [
      { VpcId: 'vpc-1' },
      { VpcId: 'vpc-1', EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } },
    ],
  },
  {
    operations: ['ModifyVpcAttribute'],
    page: ATTRIBUTE,
    says: 'DNS host names need DNS support.',
    code: 'InvalidParameterValue',
    *mistakes({ VpcId = '', EnableDnsHostnames }: ModifyVpcAttributeCommandInput, call) {
      const vpc = allOf(call, 'vpc')[VpcId];
      if (vpc && !vpc.dnsSupport && EnableDnsHostnames?.Value)
        yield `DNS hostnames cannot be enabled for '${VpcId}', which has no DNS support.`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
];
