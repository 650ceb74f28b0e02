import { beforeAll, describe, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { zonesOf } from '../src/ec2/zones.ts';
import { raiseQuota } from '../src/world/quotas.ts';
import { type Account, aNetwork, emptyAccount } from './a-network.ts';

beforeAll(readReference);

type Network = Awaited<ReturnType<typeof aNetwork>>;
type Refused = readonly [what: string, operation: string, input: (network: Network) => object, code: string];

const REFUSED: readonly Refused[] = [
  ['a VPC that is too large', 'CreateVpc', () => ({ CidrBlock: '10.0.0.0/8' }), 'InvalidVpc.Range'],
  ['what is no range', 'CreateVpc', () => ({ CidrBlock: '10.0.0.300/16' }), 'InvalidParameterValue'],
  [
    'a subnet that leaves the VPC',
    'CreateSubnet',
    ({ vpc }) => ({ VpcId: vpc, CidrBlock: '10.1.0.0/24' }),
    'InvalidSubnet.Range',
  ],
  [
    'a subnet that is too small',
    'CreateSubnet',
    ({ vpc }) => ({ VpcId: vpc, CidrBlock: '10.0.5.0/29' }),
    'InvalidSubnet.Range',
  ],
  [
    'a subnet that overlaps another',
    'CreateSubnet',
    ({ vpc }) => ({ VpcId: vpc, CidrBlock: '10.0.0.128/25' }),
    'InvalidSubnet.Conflict',
  ],
  [
    'a zone that the region lacks',
    'CreateSubnet',
    ({ vpc }) => ({ VpcId: vpc, CidrBlock: '10.0.5.0/24', AvailabilityZoneId: 'euw1-az9' }),
    'InvalidParameterValue',
  ],
  [
    'DNS host names without DNS support',
    'ModifyVpcAttribute',
    ({ silent }) => ({ VpcId: silent, EnableDnsHostnames: { Value: true } }),
    'InvalidParameterValue',
  ],
  [
    'an address in use',
    'ReleaseAddress',
    ({ allocation }) => ({ AllocationId: allocation }),
    'InvalidIPAddress.InUse',
  ],
  ['a VPC with something in it', 'DeleteVpc', ({ vpc }) => ({ VpcId: vpc }), 'DependencyViolation'],
  [
    'a subnet with a NAT gateway',
    'DeleteSubnet',
    ({ subnet }) => ({ SubnetId: subnet }),
    'DependencyViolation',
  ],
  [
    'a route table in use',
    'DeleteRouteTable',
    ({ table }) => ({ RouteTableId: table }),
    'DependencyViolation',
  ],
  [
    'an end of routes from a gateway that is not there',
    'DisableVgwRoutePropagation',
    ({ table }) => ({ RouteTableId: table, GatewayId: 'vgw-00000000000000000' }),
    'InvalidVpnGatewayID.NotFound',
  ],
  [
    'a gateway that is attached',
    'DeleteInternetGateway',
    ({ internet }) => ({ InternetGatewayId: internet }),
    'DependencyViolation',
  ],
  [
    'a gateway whose VPC has public addresses',
    'DetachInternetGateway',
    ({ internet, vpc }) => ({ InternetGatewayId: internet, VpcId: vpc }),
    'DependencyViolation',
  ],
  [
    'a second gateway of one VPC',
    'AttachInternetGateway',
    ({ internet, vpc }) => ({ InternetGatewayId: internet, VpcId: vpc }),
    'Resource.AlreadyAssociated',
  ],
  [
    'a second table for a subnet',
    'AssociateRouteTable',
    ({ table, subnet }) => ({ RouteTableId: table, SubnetId: subnet }),
    'Resource.AlreadyAssociated',
  ],
  [
    'a route to where the VPC is',
    'CreateRoute',
    ({ table, nat }) => ({ RouteTableId: table, DestinationCidrBlock: '10.0.0.0/16', NatGatewayId: nat }),
    'RouteAlreadyExists',
  ],
  [
    'a route to a subnet of its own VPC that is not through a NAT gateway',
    'CreateRoute',
    ({ table, internet }) => ({
      RouteTableId: table,
      DestinationCidrBlock: '10.0.0.0/24',
      GatewayId: internet,
    }),
    'InvalidParameterValue',
  ],
  [
    'a route to a part of a subnet',
    'CreateRoute',
    ({ table, nat }) => ({ RouteTableId: table, DestinationCidrBlock: '10.0.0.0/25', NatGatewayId: nat }),
    'InvalidParameterValue',
  ],
  [
    'a route by what is not there',
    'CreateRoute',
    ({ table }) => ({
      RouteTableId: table,
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: 'nat-00000000000000000',
    }),
    'InvalidNatGatewayID.NotFound',
  ],
  [
    'a route that is not there',
    'DeleteRoute',
    ({ table }) => ({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' }),
    'InvalidRoute.NotFound',
  ],
  [
    'a route by a gateway that is not there',
    'CreateRoute',
    ({ table }) => ({
      RouteTableId: table,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: 'vgw-00000000000000000',
    }),
    'InvalidGatewayID.NotFound',
  ],
  [
    'the end of the local route',
    'DeleteRoute',
    ({ table }) => ({ RouteTableId: table, DestinationCidrBlock: '10.0.0.0/16' }),
    'InvalidParameterValue',
  ],
  [
    'a group without a VPC',
    'CreateSecurityGroup',
    () => ({ GroupName: 'app', Description: 'x' }),
    'VPCIdNotSpecified',
  ],
  [
    'a rule by an id that is not there',
    'RevokeSecurityGroupIngress',
    ({ group }) => ({ GroupId: group, SecurityGroupRuleIds: ['sgr-00000000000000000'] }),
    'InvalidSecurityGroupRuleId.NotFound',
  ],
  [
    'a filter of another operation',
    'DescribeInternetGateways',
    () => ({ Filters: [{ Name: 'vpc-id', Values: ['x'] }] }),
    'InvalidParameterValue',
  ],
  ['a token of no page', 'DescribeTags', () => ({ NextToken: 'x' }), 'InvalidNextToken'],
  [
    'a group of a name that is taken',
    'CreateSecurityGroup',
    ({ vpc }) => ({ VpcId: vpc, GroupName: 'App', Description: 'again' }),
    'InvalidGroup.Duplicate',
  ],
  [
    'a rule that is there',
    'AuthorizeSecurityGroupEgress',
    ({ group }) => ({
      GroupId: group,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
    'InvalidPermission.Duplicate',
  ],
  [
    'a rule that is not there',
    'RevokeSecurityGroupIngress',
    ({ group }) => ({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
    'InvalidPermission.NotFound',
  ],
  [
    'a service that has no endpoint',
    'CreateVpcEndpoint',
    ({ vpc }) => ({ VpcId: vpc, VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.none' }),
    'InvalidServiceName',
  ],
  [
    'an endpoint of another region',
    'CreateVpcEndpoint',
    ({ vpc }) => ({ VpcId: vpc, ServiceName: 'com.amazonaws.eu-west-3.s3' }),
    'InvalidServiceName',
  ],
  [
    'an id that cannot be one',
    'DeleteRouteTable',
    () => ({ RouteTableId: 'rtb-xyz' }),
    'InvalidRouteTableId.Malformed',
  ],
  ['an id that nothing has', 'DeleteVpc', () => ({ VpcId: 'vpc-00000000' }), 'InvalidVpcID.NotFound'],
  ['no id', 'DeleteVpc', () => ({}), 'MissingParameter'],
  [
    'a tag of AWS',
    'CreateTags',
    ({ vpc }) => ({ Resources: [vpc], Tags: [{ Key: 'aws:x', Value: '' }] }),
    'InvalidParameterValue',
  ],
  [
    'a parameter that is not known here',
    'CreateVpc',
    () => ({ CidrBlock: '10.1.0.0/16', Ipv4IpamPoolId: 'p' }),
    'NotImplemented',
  ],
  [
    'a filter that is not known here',
    'DescribeVpcs',
    () => ({ Filters: [{ Name: 'dhcp-options-id', Values: ['x'] }] }),
    'NotImplemented',
  ],
];

describe('EC2 refuses, and changes nothing', () => {
  it.each(REFUSED)('%s (%s)', async (_, operation, input, code) => {
    const account = emptyAccount();
    const network = await aNetwork(account);
    const before = await everything(account);
    await expect(account.ec2(operation, input(network))).rejects.toMatchObject({ code });
    expect(await everything(account)).toBe(before);
  });

  it('a group that a rule of another names, until that rule goes', async () => {
    const account = emptyAccount();
    const { vpc, group } = await aNetwork(account);
    const { GroupId: other } = await account.ec2('CreateSecurityGroup', {
      VpcId: vpc,
      GroupName: 'edge',
      Description: 'edge',
    });
    const rule = {
      GroupId: other,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: group }] },
      ],
    };
    await account.ec2('AuthorizeSecurityGroupIngress', rule);
    const remove = () => account.ec2('DeleteSecurityGroup', { GroupId: group });
    await expect(remove()).rejects.toMatchObject({ code: 'DependencyViolation' });
    await account.ec2('RevokeSecurityGroupIngress', rule);
    await remove();
  });

  it('a client token that another request had', async () => {
    const account = emptyAccount();
    const { subnet } = await aNetwork(account);
    const { AllocationId } = await account.ec2('AllocateAddress', {});
    const once = { SubnetId: subnet, AllocationId, ClientToken: 'once' };
    const { NatGateway: made } = await account.ec2('CreateNatGateway', once);
    expect((await account.ec2('CreateNatGateway', once))['NatGateway']).toEqual(made);
    await expect(account.ec2('CreateNatGateway', { ...once, SubnetId: 'subnet-1' })).rejects.toMatchObject({
      code: 'IdempotentParameterMismatch',
    });
  });

  it('the sixth address of a region, and the sixth NAT gateway of a zone, until AWS raises the quota', async () => {
    const account = emptyAccount();
    const { subnet } = await aNetwork(account);
    const here = { world: account.world, account: '000011112222', region: 'eu-west-1' };
    const allocate = () => account.ec2('AllocateAddress', {});
    const first = [await allocate(), await allocate(), await allocate(), await allocate()];
    await expect(allocate()).rejects.toMatchObject({ code: 'AddressLimitExceeded' });
    raiseQuota(here, 'addresses', 10);
    const addresses = [...first, await allocate()].map(({ AllocationId }) => AllocationId);
    const nat = (AllocationId: unknown) =>
      account.ec2('CreateNatGateway', { SubnetId: subnet, AllocationId });
    for (const address of addresses.slice(0, 4)) await nat(address);
    await expect(nat(addresses[4])).rejects.toMatchObject({ code: 'NatGatewayLimitExceeded' });
  });
});

const LISTS = [
  'Vpcs',
  'Subnets',
  'InternetGateways',
  'RouteTables',
  'Addresses',
  'NatGateways',
  'SecurityGroups',
  'VpcEndpoints',
  'Tags',
];

async function everything(account: Account): Promise<string> {
  return JSON.stringify(await Promise.all(LISTS.map((list) => account.ec2(`Describe${list}`, {}))));
}

it('a VPC that has nothing of its own goes with what EC2 made for it', async () => {
  const account = emptyAccount();
  const { Vpc } = await account.ec2('CreateVpc', { CidrBlock: '10.9.1.2/16' });
  expect(Vpc).toMatchObject({ CidrBlock: '10.9.0.0/16' });
  expect(await everything(account)).toContain('"GroupName":"default"');
  await account.ec2('DeleteVpc', { VpcId: Reflect.get(Object(Vpc), 'VpcId') });
  expect(await everything(account)).toBe(JSON.stringify(LISTS.map((list) => ({ [list]: [] }))));
});

it.each([
  ['eu-west-1', 'euw1-az1', 'eu-west-1a'],
  ['us-gov-east-1', 'usge1-az1', 'us-gov-east-1a'],
  ['ap-southeast-2', 'apse2-az1', 'ap-southeast-2a'],
  ['ca-central-1', 'cac1-az1', 'ca-central-1a'],
])('zones of %s begin with %s', (region, id, name) => {
  expect(zonesOf(region)[0]).toEqual({ id, name });
});

it.each([
  ['Addresses', { Name: 'domain', Values: ['vpc'] }],
  ['Vpcs', { Name: 'tag-value', Values: ['acme'] }],
])('EC2 filters %s by %j, which only older pages list', async (list, filter) => {
  const account = emptyAccount();
  const { vpc } = await aNetwork(account);
  await account.ec2('CreateTags', { Resources: [vpc], Tags: [{ Key: 'tenant', Value: 'acme' }] });
  const found = await account.ec2(`Describe${list}`, { Filters: [filter] });
  expect(found[list]).toHaveLength(1);
});

it.each([
  ['RemoveRouteTableIds', 'rtb-00000000000000000', 'InvalidRouteTableID.NotFound'],
  ['RemoveSecurityGroupIds', 'sg-00000000000000000', 'InvalidGroup.NotFound'],
  ['RemoveSubnetIds', 'the subnet', 'InvalidParameter'],
])('%s of a gateway endpoint refuses %s', async (member, id, code) => {
  const account = emptyAccount();
  const { vpc, table, subnet } = await aNetwork(account);
  const endpoint = await account.make('VPCEndpoint', {
    VpcId: vpc,
    ServiceName: 'com.amazonaws.eu-west-1.s3',
    RouteTableIds: [table],
  });
  const removed = id === 'the subnet' ? subnet : id;
  await expect(
    account.ec2('ModifyVpcEndpoint', { VpcEndpointId: endpoint.id, [member]: [removed] }),
  ).rejects.toMatchObject({ code });
});
