import { isIPv4 } from 'node:net';
import type {
  AttachVpnGatewayCommandInput,
  AttachVpnGatewayCommandOutput,
  CustomerGateway as AwsCustomerGateway,
  VpnGateway as AwsVpnGateway,
  CreateCustomerGatewayCommandInput,
  CreateCustomerGatewayCommandOutput,
  CreateVpnGatewayCommandInput,
  CreateVpnGatewayCommandOutput,
  DeleteCustomerGatewayCommandInput,
  DeleteVpnGatewayCommandInput,
  DescribeCustomerGatewaysCommandInput,
  DescribeCustomerGatewaysCommandOutput,
  DescribeVpnGatewaysCommandInput,
  DescribeVpnGatewaysCommandOutput,
  DetachVpnGatewayCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { dryRun } from './asked.ts';
import { described } from './describe.ts';
import { allOf, find, type Here, newId } from './kinds.ts';
import type { CustomerGateway, VpnGateway } from './state.ts';
import { tagList, tagsIn } from './tags.ts';
import { AMAZON, type VpnConnection, vpnState } from './vpn-state.ts';

/** Both ends of VPN connections. */
export const vpnGatewayOperations: Readonly<Record<string, Handler>> = {
  CreateCustomerGateway: createCustomerGateway,
  DeleteCustomerGateway: deleteCustomerGateway,
  DescribeCustomerGateways: describeCustomerGateways,
  CreateVpnGateway: createVpnGateway,
  DeleteVpnGateway: deleteVpnGateway,
  AttachVpnGateway: attachVpnGateway,
  DetachVpnGateway: detachVpnGateway,
  DescribeVpnGateways: describeVpnGateways,
};

/** From here on, EC2 has the number of an autonomous system in another member. */
export const EXTENDED = 2 ** 31;

/** An identical request makes no other gateway ("CreateCustomerGateway", EC2 API reference). */
function createCustomerGateway(
  input: CreateCustomerGatewayCommandInput,
  call: Call,
): Output<CreateCustomerGatewayCommandOutput> {
  const { IpAddress: ip = input.PublicIp ?? '', BgpAsn, BgpAsnExtended, DeviceName: device } = input;
  if (BgpAsn !== undefined && BgpAsnExtended !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters BgpAsn and BgpAsnExtended cannot be used together',
    );
  if (!isIPv4(ip))
    throw new AwsError('NotImplemented', 'local-aws knows no IPv6 of a customer gateway.', 501);
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'customer-gateway');
  const asn = String(BgpAsnExtended ?? BgpAsn ?? 65_000);
  const again = Object.values(all).find(
    (gateway) => gateway.ip === ip && gateway.asn === asn && gateway.device === device,
  );
  if (again) return { CustomerGateway: describeCustomer(again) };
  withinQuota(call, 'customerGateways', Object.keys(all).length);
  const gateway: CustomerGateway = { id: newId(call, 'cgw'), ip, asn, device, tags };
  all[gateway.id] = gateway;
  call.world.touched();
  return { CustomerGateway: describeCustomer(gateway) };
}

/** Whether a connection has it that is not deleted yet. */
function connected(here: Here, which: (vpn: VpnConnection) => boolean): boolean {
  const now = here.world.clock.now();
  const vpns = Object.values(allOf(here, 'vpn-connection'));
  return vpns.some((vpn) => which(vpn) && vpnState(vpn, now) !== 'deleted');
}

function deleteCustomerGateway(input: DeleteCustomerGatewayCommandInput, call: Call): object {
  const { id } = find(call, 'customer-gateway', input.CustomerGatewayId);
  if (connected(call, (vpn) => vpn.customerGatewayId === id))
    throw new AwsError('IncorrectState', 'The customer gateway is in use.');
  delete allOf(call, 'customer-gateway')[id];
  call.world.touched();
  return {};
}

function describeCustomerGateways(
  { DryRun, ...input }: DescribeCustomerGatewaysCommandInput,
  call: Call,
): Output<DescribeCustomerGatewaysCommandOutput> {
  dryRun(DryRun);
  const { found } = described(call, 'customer-gateway', input, 'CustomerGatewayIds', {
    'customer-gateway-id': ({ id }) => id,
    'ip-address': ({ ip }) => ip,
    'bgp-asn': ({ asn }) => (Number(asn) < EXTENDED ? asn : []),
    state: () => 'available',
    type: () => 'ipsec.1',
  });
  return { CustomerGateways: found.map(describeCustomer) };
}

function describeCustomer({ id, ip, asn, device, tags }: CustomerGateway): AwsCustomerGateway {
  return {
    CustomerGatewayId: id,
    IpAddress: ip,
    ...(Number(asn) < EXTENDED ? { BgpAsn: asn } : { BgpAsnExtended: asn }),
    ...(device !== undefined && { DeviceName: device }),
    State: 'available',
    Type: 'ipsec.1',
    Tags: tagList(tags),
  };
}

function createVpnGateway(
  input: CreateVpnGatewayCommandInput,
  call: Call,
): Output<CreateVpnGatewayCommandOutput> {
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'vpn-gateway');
  withinQuota(call, 'vpnGateways', Object.keys(all).length);
  const gateway: VpnGateway = {
    id: newId(call, 'vgw'),
    asn: input.AmazonSideAsn ?? AMAZON,
    vpc: undefined,
    tags,
  };
  all[gateway.id] = gateway;
  call.world.touched();
  return { VpnGateway: describeGateway(gateway) };
}

function deleteVpnGateway(input: DeleteVpnGatewayCommandInput, call: Call): object {
  const { id, vpc } = find(call, 'vpn-gateway', input.VpnGatewayId);
  if (vpc !== undefined || connected(call, (vpn) => vpn.vpnGatewayId === id))
    throw new AwsError('IncorrectState', 'The virtual private gateway is in use.');
  delete allOf(call, 'vpn-gateway')[id];
  call.world.touched();
  return {};
}

function attachVpnGateway(
  input: AttachVpnGatewayCommandInput,
  call: Call,
): Output<AttachVpnGatewayCommandOutput> {
  const gateway = find(call, 'vpn-gateway', input.VpnGatewayId);
  const vpc = find(call, 'vpc', input.VpcId);
  if (gateway.vpc !== undefined && gateway.vpc !== vpc.id)
    throw new AwsError('VpnGatewayAttachmentLimitExceeded', `${gateway.id} is attached to ${gateway.vpc}`);
  const another = Object.values(allOf(call, 'vpn-gateway')).find((one) => one.vpc === vpc.id);
  if (another && another.id !== gateway.id)
    throw new AwsError(
      'InvalidParameterValue',
      `The VPC ${vpc.id} is already attached to a virtual private gateway`,
    );
  gateway.vpc = vpc.id;
  call.world.touched();
  return { VpcAttachment: { VpcId: vpc.id, State: 'attached' } };
}

function detachVpnGateway(input: DetachVpnGatewayCommandInput, call: Call): object {
  const gateway = find(call, 'vpn-gateway', input.VpnGatewayId);
  if (gateway.vpc === undefined || gateway.vpc !== input.VpcId)
    throw new AwsError(
      'InvalidVpnGatewayAttachment.NotFound',
      `The attachment with vpn gateway ID '${gateway.id}' and vpc ID '${input.VpcId}' does not exist`,
    );
  for (const table of Object.values(allOf(call, 'route-table')))
    if (table.vpc === gateway.vpc) table.propagating = table.propagating.filter((id) => id !== gateway.id);
  gateway.vpc = undefined;
  call.world.touched();
  return {};
}

function describeVpnGateways(
  input: DescribeVpnGatewaysCommandInput,
  call: Call,
): Output<DescribeVpnGatewaysCommandOutput> {
  const { found } = described(call, 'vpn-gateway', input, 'VpnGatewayIds', {
    'vpn-gateway-id': ({ id }) => id,
    'attachment.vpc-id': ({ vpc }) => vpc ?? [],
    'attachment.state': ({ vpc }) => (vpc === undefined ? [] : 'attached'),
    'amazon-side-asn': ({ asn }) => String(asn),
    state: () => 'available',
    type: () => 'ipsec.1',
  });
  return { VpnGateways: found.map(describeGateway) };
}

function describeGateway({ id, asn, vpc, tags }: VpnGateway): AwsVpnGateway {
  return {
    VpnGatewayId: id,
    AmazonSideAsn: asn,
    State: 'available',
    Type: 'ipsec.1',
    VpcAttachments: vpc === undefined ? [] : [{ VpcId: vpc, State: 'attached' }],
    Tags: tagList(tags),
  };
}
