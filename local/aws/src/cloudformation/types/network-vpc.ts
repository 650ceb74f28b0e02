import type {
  CreateInternetGatewayCommandOutput,
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
} from '@aws-sdk/client-ec2';
import { allOf } from '../../ec2/kinds.ts';
import type { World } from '../../world/world.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { ask, flag, given, knowing, stepsOrUndo } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { text } from './values.ts';

const vpc: ResourceType = {
  type: 'AWS::EC2::VPC',
  create: async (_world, made) => {
    const { properties } = made;
    const { Vpc } = await ask<CreateVpcCommandOutput>(made, 'CreateVpc', {
      CidrBlock: text(properties, 'CidrBlock'),
      InstanceTenancy: text(properties, 'InstanceTenancy'),
      ...tagged(made, 'vpc'),
    });
    const id = Vpc?.VpcId ?? '';
    await stepsOrUndo(
      () => setDns(made, id, {}),
      () => ask(made, 'DeleteVpc', { VpcId: id }),
    );
    return id;
  },
  update: async (_world, id, made, before) => {
    await setDns(made, id, before);
    await retag(made, id, before);
  },
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteVpc', { VpcId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpc')[id];
    return (
      found && {
        CidrBlock: found.cidr,
        InstanceTenancy: 'default',
        EnableDnsSupport: found.dnsSupport,
        EnableDnsHostnames: found.dnsHostnames,
        ...readTags(found.tags),
      }
    );
  },
  attributes: (world, id, made) => {
    const groups = Object.values(allOf({ world, ...made }, 'security-group'));
    return {
      VpcId: id,
      CidrBlock: allOf({ world, ...made }, 'vpc')[id]?.cidr,
      CidrBlockAssociations: [`vpc-cidr-assoc-${id.slice('vpc-'.length)}`],
      Ipv6CidrBlocks: [],
      DefaultSecurityGroup: groups.find((group) => group.vpc === id && group.name === 'default')?.id,
    };
  },
};

/** EC2 takes one of these in a request. */
async function setDns(made: Making, VpcId: string, before: Properties): Promise<void> {
  for (const name of ['EnableDnsSupport', 'EnableDnsHostnames']) {
    const usual = name === 'EnableDnsSupport'; // what a VPC has without being told
    const [is, was] = [flag(made.properties, name) ?? usual, flag(before, name) ?? usual];
    if (is !== was) await ask(made, 'ModifyVpcAttribute', { VpcId, [name]: { Value: is } });
  }
}

const subnet: ResourceType = {
  type: 'AWS::EC2::Subnet',
  create: async (_world, made) => {
    const { properties } = made;
    const { Subnet } = await ask<CreateSubnetCommandOutput>(made, 'CreateSubnet', {
      VpcId: text(properties, 'VpcId'),
      CidrBlock: text(properties, 'CidrBlock'),
      AvailabilityZone: text(properties, 'AvailabilityZone'),
      AvailabilityZoneId: text(properties, 'AvailabilityZoneId'),
      ...tagged(made, 'subnet'),
    });
    const id = Subnet?.SubnetId ?? '';
    await stepsOrUndo(
      () => setPublic(made, id, {}),
      () => ask(made, 'DeleteSubnet', { SubnetId: id }),
    );
    return id;
  },
  update: async (_world, id, made, before) => {
    await setPublic(made, id, before);
    await retag(made, id, before);
  },
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteSubnet', { SubnetId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'subnet')[id];
    return (
      found && {
        VpcId: found.vpc,
        CidrBlock: found.cidr,
        AvailabilityZone: found.zone,
        AvailabilityZoneId: found.zoneId,
        MapPublicIpOnLaunch: found.publicAddresses ?? false,
        ...readTags(found.tags),
      }
    );
  },
  attributes: (world, id, made) => {
    const found = allOf({ world, ...made }, 'subnet')[id];
    return {
      SubnetId: id,
      VpcId: found?.vpc,
      CidrBlock: found?.cidr,
      AvailabilityZone: found?.zone,
      AvailabilityZoneId: found?.zoneId,
      Ipv6CidrBlocks: [],
    };
  },
};

async function setPublic(made: Making, SubnetId: string, before: Properties): Promise<void> {
  const [is, was] = [made.properties, before].map((one) => flag(one, 'MapPublicIpOnLaunch') ?? false);
  if (is !== was) await ask(made, 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: is } });
}

const internetGateway: ResourceType = {
  type: 'AWS::EC2::InternetGateway',
  create: async (_world, made) => {
    const { InternetGateway } = await ask<CreateInternetGatewayCommandOutput>(
      made,
      'CreateInternetGateway',
      tagged(made, 'internet-gateway'),
    );
    return InternetGateway?.InternetGatewayId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteInternetGateway', { InternetGatewayId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'internet-gateway')[id];
    return found && readTags(found.tags);
  },
  attributes: (_world, id) => ({ InternetGatewayId: id }),
};

/** The gateway that a template attaches to a VPC, in the words of EC2's requests. */
function gatewayOf(properties: Properties): {
  readonly kind: 'InternetGateway' | 'VpnGateway';
  readonly input: object;
} {
  const [internet, vpn] = ['InternetGatewayId', 'VpnGatewayId'].map((name) => text(properties, name));
  const VpcId = text(properties, 'VpcId');
  return vpn === undefined
    ? { kind: 'InternetGateway', input: { VpcId, InternetGatewayId: internet } }
    : { kind: 'VpnGateway', input: { VpcId, VpnGatewayId: vpn } };
}

const attachment: ResourceType = {
  type: 'AWS::EC2::VPCGatewayAttachment',
  create: async (_world, made) => {
    const { kind, input } = gatewayOf(made.properties);
    await ask(made, `Attach${kind}`, input);
    return `${kind === 'VpnGateway' ? 'VGW' : 'IGW'}|${text(made.properties, 'VpcId')}`;
  },
  update: async (_world, _id, made, before) => {
    const was = gatewayOf(before);
    const is = gatewayOf(made.properties);
    await ask(made, `Detach${was.kind}`, was.input);
    await ask(made, `Attach${is.kind}`, is.input);
  },
  remove: async (_world, _id, made) => {
    const { kind, input } = gatewayOf(made.properties);
    await ask(made, `Detach${kind}`, input);
  },
  read: (world, id, made) => attached(world, id, made),
  attributes: (_world, id) => ({ AttachmentType: id.split('|')[0] }),
};

function attached(world: World, id: string, made: Making): Properties | undefined {
  const [kind, VpcId = ''] = id.split('|');
  const here = { world, ...made };
  const gateways = kind === 'VGW' ? allOf(here, 'vpn-gateway') : allOf(here, 'internet-gateway');
  const found = Object.values(gateways).find((gateway) => gateway.vpc === VpcId);
  return found && given({ VpcId, [kind === 'VGW' ? 'VpnGatewayId' : 'InternetGatewayId']: found.id });
}

export const vpcTypes: readonly ResourceType[] = [
  knowing(['CidrBlock', 'InstanceTenancy', 'EnableDnsSupport', 'EnableDnsHostnames', 'Tags'], vpc),
  knowing(
    ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId', 'MapPublicIpOnLaunch', 'Tags'],
    subnet,
  ),
  knowing(['Tags'], internetGateway),
  knowing(['VpcId', 'InternetGatewayId', 'VpnGatewayId'], attachment),
];
