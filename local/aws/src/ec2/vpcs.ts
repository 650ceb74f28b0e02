import type {
  Vpc as AwsVpc,
  CreateVpcCommandInput,
  CreateVpcCommandOutput,
  DeleteVpcCommandInput,
  DescribeVpcAttributeCommandInput,
  DescribeVpcAttributeCommandOutput,
  DescribeVpcsCommandInput,
  DescribeVpcsCommandOutput,
  ModifyVpcAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { canonical } from './cidr.ts';
import { dependency } from './dependencies.ts';
import { described } from './describe.ts';
import { allOf, find, type Here, newId } from './kinds.ts';
import { isGone } from './nat-gateways.ts';
import { ALL_OUT } from './security-groups.ts';
import { ec2Of, type Vpc } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const vpcOperations: Readonly<Record<string, Handler>> = {
  CreateVpc: createVpc,
  DeleteVpc: deleteVpc,
  DescribeVpcs: describeVpcs,
  ModifyVpcAttribute: modifyVpcAttribute,
  DescribeVpcAttribute: describeVpcAttribute,
};

function createVpc(input: CreateVpcCommandInput, call: Call): Output<CreateVpcCommandOutput> {
  const cidr = canonical(input.CidrBlock ?? '');
  if ((input.InstanceTenancy ?? 'default') !== 'default')
    throw new AwsError('NotImplemented', 'local-aws knows no InstanceTenancy but default.', 501);
  const tags = tagsIn(input.TagSpecifications);
  withinQuota(call, 'vpcs', Object.keys(allOf(call, 'vpc')).length);
  return { Vpc: describe(makeVpc(call, { id: newId(call, 'vpc'), cidr, tags }), call) };
}

/** A VPC with what EC2 gives it: its main route table and its default security group. */
export function makeVpc(here: Here, made: Pick<Vpc, 'id' | 'cidr' | 'tags'>): Vpc {
  const { vpcs, routeTables, securityGroups } = ec2Of(here.world, here.account, here.region);
  const vpc = { dnsSupport: true, dnsHostnames: false, ...made };
  vpcs[vpc.id] = vpc;
  const table = newId(here, 'rtb');
  routeTables[table] = {
    id: table,
    vpc: vpc.id,
    main: true,
    routes: {},
    associations: {},
    propagating: [],
    tags: {},
  };
  const group = newId(here, 'sg');
  const itself = { id: newId(here, 'sgr'), ...ALL_OUT, egress: false, peer: { group } };
  securityGroups[group] = {
    id: group,
    vpc: vpc.id,
    name: 'default',
    description: 'default VPC security group',
    rules: [itself, { id: newId(here, 'sgr'), ...ALL_OUT }],
    tags: {},
  };
  here.world.touched();
  return vpc;
}

function deleteVpc(input: DeleteVpcCommandInput, call: Call): object {
  const { id } = find(call, 'vpc', input.VpcId);
  const inVpc = ({ vpc }: { readonly vpc: string | undefined }) => vpc === id;
  const groups = Object.values(allOf(call, 'security-group')).filter(inVpc);
  const tables = Object.values(allOf(call, 'route-table')).filter(inVpc);
  const holding = [
    ...Object.values(allOf(call, 'subnet')).filter(inVpc),
    ...groups.filter(({ name }) => name !== 'default'),
    ...tables.filter(({ main }) => !main),
    ...Object.values(allOf(call, 'internet-gateway')).filter(inVpc),
    ...Object.values(allOf(call, 'vpn-gateway')).filter(inVpc),
    ...Object.values(allOf(call, 'vpc-endpoint')).filter(inVpc),
    ...Object.values(allOf(call, 'natgateway')).filter((nat) => inVpc(nat) && !isGone(nat, call)),
  ];
  if (holding.length > 0) throw dependency('vpc', id);
  const { vpcs, securityGroups, routeTables } = ec2Of(call.world, call.account, call.region);
  for (const group of groups) delete securityGroups[group.id];
  for (const table of tables) delete routeTables[table.id];
  delete vpcs[id];
  call.world.touched();
  return {};
}

function describeVpcs(input: DescribeVpcsCommandInput, call: Call): Output<DescribeVpcsCommandOutput> {
  const { found, next } = described(call, 'vpc', input, 'VpcIds', {
    'vpc-id': ({ id }) => id,
    cidr: ({ cidr }) => cidr,
    'cidr-block-association.cidr-block': ({ cidr }) => cidr,
    'is-default': () => 'false',
    state: () => 'available',
  });
  return { Vpcs: found.map((vpc) => describe(vpc, call)), ...next };
}

function describe({ id, cidr, tags }: Vpc, { account }: Call): AwsVpc {
  return {
    VpcId: id,
    OwnerId: account,
    State: 'available',
    CidrBlock: cidr,
    CidrBlockAssociationSet: [
      {
        AssociationId: `vpc-cidr-assoc-${id.slice('vpc-'.length)}`,
        CidrBlock: cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    InstanceTenancy: 'default',
    IsDefault: false,
    Tags: tagList(tags),
  };
}

function modifyVpcAttribute(input: ModifyVpcAttributeCommandInput, call: Call): object {
  const vpc = find(call, 'vpc', input.VpcId);
  const { EnableDnsHostnames: names, EnableDnsSupport: support } = input;
  const privateDns = Object.values(allOf(call, 'vpc-endpoint')).some(
    (endpoint) => endpoint.vpc === vpc.id && endpoint.privateDns,
  );
  if (privateDns && (names ?? support)?.Value === false)
    throw new AwsError(
      'InvalidParameterValue',
      `The VPC '${vpc.id}' has endpoints with private DNS, which needs enableDnsSupport and enableDnsHostnames.`,
    );
  if (names?.Value !== undefined) vpc.dnsHostnames = names.Value;
  if (support?.Value !== undefined) vpc.dnsSupport = support.Value;
  call.world.touched();
  return {};
}

function describeVpcAttribute(
  input: DescribeVpcAttributeCommandInput,
  call: Call,
): Output<DescribeVpcAttributeCommandOutput> {
  const { id, dnsSupport, dnsHostnames } = find(call, 'vpc', input.VpcId);
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId: id, EnableDnsSupport: { Value: dnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: id, EnableDnsHostnames: { Value: dnsHostnames } };
    default:
      throw new AwsError('NotImplemented', `local-aws does not know the attribute ${input.Attribute}.`, 501);
  }
}
