import { beforeAll, describe, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import type { Properties } from '../src/cloudformation/resource-type.ts';
import { secretsOf } from '../src/secrets/state.ts';
import { aNetwork, emptyAccount, typeOf } from './a-network.ts';

beforeAll(readReference);

const tags = (Name: string) => ({ Tags: [{ Key: 'Name', Value: Name }] });
type Network = Awaited<ReturnType<typeof aNetwork>>;

interface Sample {
  readonly type: string;
  readonly first: (network: Network) => Properties;
  readonly after?: (network: Network) => Properties;
  readonly attributes?: readonly string[];
}

const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
const NOTHING = { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' };

const SAMPLES: readonly Sample[] = [
  {
    type: 'VPC',
    first: () => ({
      CidrBlock: '10.1.0.0/16',
      EnableDnsHostnames: true,
      EnableDnsSupport: true,
      ...tags('a'),
    }),
    after: () => ({
      CidrBlock: '10.1.0.0/16',
      EnableDnsHostnames: false,
      EnableDnsSupport: true,
      ...tags('b'),
    }),
    attributes: ['VpcId', 'CidrBlock', 'DefaultSecurityGroup'],
  },
  {
    type: 'Subnet',
    first: ({ vpc }) => ({
      VpcId: vpc,
      CidrBlock: '10.0.9.0/24',
      AvailabilityZoneId: 'euw1-az2',
      MapPublicIpOnLaunch: false,
      ...tags('a'),
    }),
    after: ({ vpc }) => ({
      VpcId: vpc,
      CidrBlock: '10.0.9.0/24',
      AvailabilityZoneId: 'euw1-az2',
      MapPublicIpOnLaunch: true,
    }),
    attributes: ['SubnetId', 'VpcId', 'AvailabilityZone'],
  },
  {
    type: 'InternetGateway',
    first: () => tags('a'),
    after: () => tags('b'),
    attributes: ['InternetGatewayId'],
  },
  { type: 'RouteTable', first: ({ vpc }) => ({ VpcId: vpc, ...tags('a') }), attributes: ['RouteTableId'] },
  {
    type: 'Route',
    first: ({ table, internet }) => ({
      RouteTableId: table,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: internet,
    }),
    after: ({ table, nat }) => ({
      RouteTableId: table,
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: nat,
    }),
    attributes: ['CidrBlock'],
  },
  { type: 'EIP', first: () => ({ Domain: 'vpc', ...tags('a') }), attributes: ['PublicIp', 'AllocationId'] },
  {
    type: 'VPCEndpoint',
    first: ({ vpc, subnet, group }) => ({
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.logs',
      VpcId: vpc,
      SubnetIds: [subnet],
      SecurityGroupIds: [group],
      PrivateDnsEnabled: true,
    }),
    after: ({ vpc, subnet, group }) => ({
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.logs',
      VpcId: vpc,
      SubnetIds: [subnet],
      SecurityGroupIds: [group],
      PrivateDnsEnabled: false,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
      },
    }),
    attributes: ['Id', 'NetworkInterfaceIds'],
  },
  {
    type: 'VPCEndpoint',
    first: ({ vpc, table }) => ({
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
      VpcId: vpc,
      RouteTableIds: [table],
    }),
  },
  {
    type: 'SecurityGroup',
    first: ({ vpc }) => ({
      VpcId: vpc,
      GroupName: 'data',
      GroupDescription: 'The layer data',
      SecurityGroupIngress: [{ ...rule, CidrIp: '10.0.0.0/16', Description: 'from the VPC' }],
      SecurityGroupEgress: [NOTHING],
      ...tags('a'),
    }),
    after: ({ vpc }) => ({
      VpcId: vpc,
      GroupName: 'data',
      GroupDescription: 'The layer data',
      SecurityGroupIngress: [{ ...rule, FromPort: 80, CidrIp: '10.0.0.0/16' }],
      ...tags('b'),
    }),
    attributes: ['GroupId', 'VpcId', 'Id'],
  },
  {
    type: 'SecurityGroupIngress',
    first: ({ group }) => ({ GroupId: group, ...rule, SourceSecurityGroupId: group, Description: 'a' }),
    after: ({ group }) => ({ GroupId: group, ...rule, SourceSecurityGroupId: group, Description: 'b' }),
    attributes: ['Id'],
  },
  {
    type: 'SecurityGroupEgress',
    first: ({ group }) => ({ GroupId: group, ...rule, CidrIp: '192.168.0.0/16' }),
    attributes: ['Id'],
  },
  {
    type: 'FlowLog',
    first: ({ vpc }) => ({
      ResourceId: vpc,
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: '/td/acme/prod/flow-logs',
      DeliverLogsPermissionArn: 'arn:aws:iam::000011112222:role/flow-logs',
    }),
    attributes: ['Id'],
  },
  {
    type: 'CustomerGateway',
    first: () => ({ Type: 'ipsec.1', IpAddress: '203.0.113.10', BgpAsn: 65_010, ...tags('a') }),
    attributes: ['CustomerGatewayId'],
  },
  {
    type: 'CustomerGateway',
    first: () => ({
      Type: 'ipsec.1',
      IpAddress: '203.0.113.11',
      BgpAsnExtended: 4_200_000_001,
      ...tags('a'),
    }),
    attributes: ['CustomerGatewayId'],
  },
  { type: 'VPNGateway', first: () => ({ Type: 'ipsec.1', ...tags('a') }), attributes: ['VPNGatewayId'] },
];

describe('a resource of a network', () => {
  it.each(SAMPLES)('$type is made, changed and removed, and read as its template says', async (sample) => {
    const account = emptyAccount();
    const network = await aNetwork(account);
    const type = typeOf(sample.type);
    const { world, making } = account;
    const first = sample.first(network);
    const { id, attributes } = await account.make(sample.type, first);
    expect(type.read(world, id, making(first))).toMatchObject(first);
    expect(Object.entries(attributes).filter(([, value]) => value === undefined)).toEqual([]);
    expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...(sample.attributes ?? [])]));
    await account.clock.advance(120_000);
    expect(type.stable?.(world, id, making(first)) ?? true).toBe(true);
    if (sample.after) {
      const after = sample.after(network);
      await type.update(world, id, making(after), first);
      expect(type.read(world, id, making(after))).toMatchObject(after);
      expect(type.read(world, id, making(after))).not.toMatchObject(first);
    }
    await type.remove(world, id, making(sample.after?.(network) ?? first));
    expect(type.read(world, id, making(first))).toBeUndefined();
  });

  it.each(['VPC', 'Subnet', 'SecurityGroup', 'VPNConnection'])(
    'refuses, by name, what it does not know of %s',
    async (type) => {
      const account = emptyAccount();
      const { vpc } = await aNetwork(account);
      await expect(
        account.make(type, { VpcId: vpc, CidrBlock: '10.0.9.0/24', EnableDns64: true, Ipv6Native: true }),
      ).rejects.toThrow(/does not know .*EnableDns64, Ipv6Native of/);
    },
  );
});

describe('a NAT gateway', () => {
  it('is available after a while, and its address is released after it has gone', async () => {
    const account = emptyAccount();
    const { subnet, ...network } = await aNetwork(account);
    const type = typeOf('NatGateway');
    const address = await account.make('EIP', { Domain: 'vpc' });
    const properties = { SubnetId: subnet, AllocationId: address.attributes['AllocationId'] };
    const { id } = await account.make('NatGateway', properties);
    const made = account.making(properties);
    expect(type.stable?.(account.world, id, made)).toBe('in progress');
    await account.clock.advance(120_000);
    expect(type.stable?.(account.world, id, made)).toBe(true);
    const release = () => account.ec2('ReleaseAddress', { AllocationId: properties.AllocationId });
    await expect(release()).rejects.toMatchObject({ code: 'InvalidIPAddress.InUse' });
    await type.remove(account.world, id, made);
    expect(type.removed?.(account.world, id, made)).toBe('in progress');
    await account.clock.advance(60_000);
    expect(type.removed?.(account.world, id, made)).toBe(true);
    await release();
    await expect(account.ec2('DeleteSubnet', { SubnetId: subnet })).rejects.toMatchObject({
      code: 'DependencyViolation', // the other one
    });
    expect(network.nat).not.toBe(id);
  });

  it('fails where its address is in use, or no gateway leads to the internet', async () => {
    const account = emptyAccount();
    const { subnet, allocation } = await aNetwork(account);
    const type = typeOf('NatGateway');
    const failing = async (properties: Properties) => {
      const { id } = await account.make('NatGateway', properties);
      await account.clock.advance(120_000);
      return type.stable?.(account.world, id, account.making(properties));
    };
    expect(await failing({ SubnetId: subnet, AllocationId: allocation })).toEqual({
      failed: `Elastic IP address [${allocation}] is already associated`,
    });
    const vpc = (await account.make('VPC', { CidrBlock: '10.1.0.0/16' })).id;
    const { id } = await account.make('Subnet', { VpcId: vpc, CidrBlock: '10.1.0.0/24' });
    const other = (await account.make('EIP', {})).attributes['AllocationId'];
    expect(await failing({ SubnetId: id, AllocationId: other })).toEqual({
      failed: `Network ${vpc} has no Internet gateway attached`,
    });
  });
});

it('a gateway of a customer has one number of its autonomous system, in one of two members', async () => {
  const { ec2 } = emptyAccount();
  const create = (more: object) =>
    ec2('CreateCustomerGateway', { Type: 'ipsec.1', IpAddress: '203.0.113.10', ...more });
  await expect(create({ BgpAsn: 65_010, BgpAsnExtended: 4_200_000_001 })).rejects.toMatchObject({
    code: 'InvalidParameterCombination',
  });
  const { CustomerGateway } = await create({ BgpAsnExtended: 4_200_000_001 });
  expect(CustomerGateway).toMatchObject({ BgpAsnExtended: '4200000001' });
  expect(CustomerGateway).not.toHaveProperty('BgpAsn');
});

describe('a link to the customer', () => {
  it('has its keys in Secrets Manager from the start, and nowhere else; its routes are those of the tables', async () => {
    const account = emptyAccount();
    const { vpc, table } = await aNetwork(account);
    const customer = { Type: 'ipsec.1', IpAddress: '203.0.113.10', BgpAsn: 65_010 };
    const { id: CustomerGatewayId } = await account.make('CustomerGateway', customer);
    const { id: VpnGatewayId } = await account.make('VPNGateway', { Type: 'ipsec.1' });
    await account.make('VPCGatewayAttachment', { VpcId: vpc, VpnGatewayId });
    const properties = {
      Type: 'ipsec.1',
      CustomerGatewayId,
      VpnGatewayId,
      StaticRoutesOnly: true,
      PreSharedKeyStorage: 'SecretsManager',
      VpnTunnelOptionsSpecifications: [
        { TunnelInsideCidr: '169.254.8.0/30' },
        { TunnelInsideCidr: '169.254.9.0/30' },
      ],
    };
    const type = typeOf('VPNConnection');
    const made = account.making(properties);
    const { id } = await account.make('VPNConnection', properties);
    expect(type.stable?.(account.world, id, made)).toBe('in progress');
    await account.clock.advance(300_000);
    expect(type.stable?.(account.world, id, made)).toBe(true);
    expect(type.read(account.world, id, made)).toMatchObject(properties);

    const route = { VpnConnectionId: id, DestinationCidrBlock: '192.168.0.0/16' };
    const routed = await account.make('VPNConnectionRoute', route);
    const spread = { RouteTableIds: [table], VpnGatewayId };
    const spreading = await account.make('VPNGatewayRoutePropagation', spread);
    const routes = async () =>
      JSON.stringify(await account.ec2('DescribeRouteTables', { RouteTableIds: [table] }));
    expect(await routes()).toContain(`"DestinationCidrBlock":"192.168.0.0/16","GatewayId":"${VpnGatewayId}"`);
    expect(
      typeOf('VPNGatewayRoutePropagation').read(account.world, spreading.id, account.making(spread)),
    ).toEqual(spread);
    await typeOf('VPNConnectionRoute').remove(account.world, routed.id, account.making(route));
    expect(await routes()).not.toContain('192.168.0.0/16');

    const secret = secretsOf(account.world, '000011112222', 'eu-west-1')[`s2svpn!${id}`];
    const [{ value = '' } = {}] = Object.values(secret?.versions ?? {});
    const keys = JSON.parse(value).tunnels.map(({ preSharedKey }: { preSharedKey: string }) => preSharedKey);
    expect(keys).toEqual([expect.stringMatching(/^[\w.]{8,64}$/), expect.stringMatching(/^[\w.]{8,64}$/)]);
    const told = JSON.stringify(await account.ec2('DescribeVpnConnections', { VpnConnectionIds: [id] }));
    expect(told).toContain(secret?.arn);
    for (const key of keys) expect(told).not.toContain(key);

    await expect(account.ec2('DeleteVpnGateway', { VpnGatewayId })).rejects.toMatchObject({
      code: 'IncorrectState',
    });
    await type.remove(account.world, id, made);
    expect(type.removed?.(account.world, id, made)).toBe('in progress');
    await account.clock.advance(60_000);
    expect(type.removed?.(account.world, id, made)).toBe(true);
    expect(secretsOf(account.world, '000011112222', 'eu-west-1')[`s2svpn!${id}`]).toBeUndefined();
  });
});

it('a group that cannot get its rules is not left behind', async () => {
  const account = emptyAccount();
  const { vpc } = await aNetwork(account);
  const before = JSON.stringify(await account.ec2('DescribeSecurityGroups', {}));
  const twice = [1, 2].map(() => ({ ...rule, CidrIp: '10.0.0.0/16' }));
  const properties = { VpcId: vpc, GroupName: 'x', GroupDescription: 'x', SecurityGroupIngress: twice };
  await expect(account.make('SecurityGroup', properties)).rejects.toMatchObject({
    code: 'InvalidPermission.Duplicate',
  });
  expect(JSON.stringify(await account.ec2('DescribeSecurityGroups', {}))).toBe(before);
});

it('a rule of its own is no drift of its group; a rule that somebody adds is', async () => {
  const account = emptyAccount();
  const { vpc, group } = await aNetwork(account);
  const properties = { VpcId: vpc, GroupName: 'app', GroupDescription: 'The layer app' };
  const read = () => typeOf('SecurityGroup').read(account.world, group, account.making(properties));
  await account.make('SecurityGroupIngress', { GroupId: group, ...rule, CidrIp: '10.0.0.0/16' });
  expect(read()).toEqual(properties);
  await account.ec2('AuthorizeSecurityGroupIngress', {
    GroupId: group,
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    CidrIp: '0.0.0.0/0',
  });
  expect(read()).toEqual({
    ...properties,
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }],
  });
});
