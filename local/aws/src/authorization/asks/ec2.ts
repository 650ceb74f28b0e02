import type { ModifyVpnTunnelOptionsCommandInput, TagSpecification } from '@aws-sdk/client-ec2';
import { DESCRIBING } from '../../ec2/describing.ts';
import { allOf, arnOf, KINDS, type Kind } from '../../ec2/kinds.ts';
import { tagsIn } from '../../ec2/tags.ts';
import type { Context } from '../../policy/context.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * What an operation is about: `NEW` for what it makes, else the member of the request that names it, alone or in a list.
 * "Actions, resources, and condition keys for Amazon EC2".
 */
const NEW = Symbol('new');
type About = Partial<Readonly<Record<Kind, string | typeof NEW>>>;

const ABOUT: Readonly<Record<string, About>> = {
  CreateVpc: { vpc: NEW },
  DeleteVpc: { vpc: 'VpcId' },
  ModifyVpcAttribute: { vpc: 'VpcId' },
  DescribeVpcAttribute: { vpc: 'VpcId' },
  CreateSubnet: { subnet: NEW, vpc: 'VpcId' },
  DeleteSubnet: { subnet: 'SubnetId' },
  ModifySubnetAttribute: { subnet: 'SubnetId' },
  CreateInternetGateway: { 'internet-gateway': NEW },
  DeleteInternetGateway: { 'internet-gateway': 'InternetGatewayId' },
  AttachInternetGateway: { 'internet-gateway': 'InternetGatewayId', vpc: 'VpcId' },
  DetachInternetGateway: { 'internet-gateway': 'InternetGatewayId', vpc: 'VpcId' },
  CreateRouteTable: { 'route-table': NEW, vpc: 'VpcId' },
  DeleteRouteTable: { 'route-table': 'RouteTableId' },
  AssociateRouteTable: { 'route-table': 'RouteTableId', subnet: 'SubnetId' },
  CreateRoute: { 'route-table': 'RouteTableId' },
  ReplaceRoute: { 'route-table': 'RouteTableId' },
  DeleteRoute: { 'route-table': 'RouteTableId' },
  EnableVgwRoutePropagation: { 'route-table': 'RouteTableId', 'vpn-gateway': 'GatewayId' },
  DisableVgwRoutePropagation: { 'route-table': 'RouteTableId', 'vpn-gateway': 'GatewayId' },
  AllocateAddress: { 'elastic-ip': NEW },
  ReleaseAddress: { 'elastic-ip': 'AllocationId' },
  CreateNatGateway: { natgateway: NEW, subnet: 'SubnetId', 'elastic-ip': 'AllocationId' },
  DeleteNatGateway: { natgateway: 'NatGatewayId' },
  CreateVpcEndpoint: {
    'vpc-endpoint': NEW,
    vpc: 'VpcId',
    'route-table': 'RouteTableIds',
    subnet: 'SubnetIds',
    'security-group': 'SecurityGroupIds',
  },
  ModifyVpcEndpoint: {
    'vpc-endpoint': 'VpcEndpointId',
    'route-table': 'AddRouteTableIds',
    subnet: 'AddSubnetIds',
    'security-group': 'AddSecurityGroupIds',
  },
  DeleteVpcEndpoints: { 'vpc-endpoint': 'VpcEndpointIds' },
  CreateSecurityGroup: { 'security-group': NEW, vpc: 'VpcId' },
  DeleteSecurityGroup: { 'security-group': 'GroupId' },
  AuthorizeSecurityGroupIngress: { 'security-group': 'GroupId' },
  AuthorizeSecurityGroupEgress: { 'security-group': 'GroupId' },
  RevokeSecurityGroupIngress: { 'security-group': 'GroupId' },
  RevokeSecurityGroupEgress: { 'security-group': 'GroupId' },
  UpdateSecurityGroupRuleDescriptionsIngress: { 'security-group': 'GroupId' },
  UpdateSecurityGroupRuleDescriptionsEgress: { 'security-group': 'GroupId' },
  DeleteFlowLogs: { 'vpc-flow-log': 'FlowLogIds' },
  CreateCustomerGateway: { 'customer-gateway': NEW },
  DeleteCustomerGateway: { 'customer-gateway': 'CustomerGatewayId' },
  CreateVpnGateway: { 'vpn-gateway': NEW },
  DeleteVpnGateway: { 'vpn-gateway': 'VpnGatewayId' },
  AttachVpnGateway: { 'vpn-gateway': 'VpnGatewayId', vpc: 'VpcId' },
  DetachVpnGateway: { 'vpn-gateway': 'VpnGatewayId', vpc: 'VpcId' },
  CreateVpnConnection: {
    'vpn-connection': NEW,
    'customer-gateway': 'CustomerGatewayId',
    'vpn-gateway': 'VpnGatewayId',
  },
  DeleteVpnConnection: { 'vpn-connection': 'VpnConnectionId' },
  CreateVpnConnectionRoute: { 'vpn-connection': 'VpnConnectionId' },
  DeleteVpnConnectionRoute: { 'vpn-connection': 'VpnConnectionId' },
  GetVpnTunnelReplacementStatus: { 'vpn-connection': 'VpnConnectionId' },
  GetActiveVpnTunnelStatus: { 'vpn-connection': 'VpnConnectionId' },
};

export const ec2Asks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    DESCRIBING.map((name) => [
      name,
      (_: object, { region }: Call) => [
        { action: `ec2:${name}`, resource: '*', context: { 'ec2:Region': region } },
      ],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(ABOUT).map(([name, about]) => [
      name,
      (input: Input, call: Call) => asksAbout(name, about, input, call),
    ]),
  ),
  CreateFlowLogs: (input: Input, call: Call) => {
    const role = input['DeliverLogsPermissionArn'];
    const passed = {
      action: 'iam:PassRole',
      resource: String(role),
      context: {
        'iam:PassedToService': 'vpc-flow-logs.amazonaws.com',
        'iam:AssociatedResourceArn': undefined,
      },
    };
    return [
      ...asksAbout('CreateFlowLogs', { 'vpc-flow-log': NEW, vpc: 'ResourceIds' }, input, call),
      ...(role === undefined ? [] : [passed]),
    ];
  },
  DisassociateRouteTable: ({ AssociationId = '' }: { readonly AssociationId?: string }, call) => {
    const table = Object.values(allOf(call, 'route-table')).find((one) => one.associations[AssociationId]);
    return [ask('DisassociateRouteTable', 'route-table', table?.id ?? '*', call)];
  },
  CreateTags: ({ Resources = [], ...input }: Tagging, call) =>
    Resources.map((id) => ({
      ...ofAny('CreateTags', id, call, { 'ec2:CreateAction': undefined }),
      requestTags: tagsOf(input),
    })),
  DeleteTags: ({ Resources = [], ...input }: Tagging, call) =>
    Resources.map((id) => ({ ...ofAny('DeleteTags', id, call), requestTags: tagsOf(input) })),
  ModifyVpnTunnelOptions: (input: ModifyVpnTunnelOptionsCommandInput, call) => {
    const options = (input.TunnelOptions ?? {}) as Input; // read by the names below
    const said = Object.entries(TUNNEL).map(([option, key]) => [
      key,
      options[option] === undefined ? undefined : JSON.stringify(options[option]),
    ]);
    const id = input.VpnConnectionId ?? '';
    return [ask('ModifyVpnTunnelOptions', 'vpn-connection', id, call, Object.fromEntries(said))];
  },
};

interface Tagging {
  readonly Resources?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

const tagsOf = ({ Tags = [] }: Tagging) =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** Condition keys that say which option of a tunnel is asked for, by the option. */
const TUNNEL = {
  TunnelInsideCidr: 'ec2:InsideTunnelCidr',
  TunnelInsideIpv6Cidr: 'ec2:InsideTunnelIpv6Cidr',
  IKEVersions: 'ec2:IKEVersions',
  DPDTimeoutSeconds: 'ec2:DPDTimeoutSeconds',
  Phase1DHGroupNumbers: 'ec2:Phase1DHGroup',
  Phase1EncryptionAlgorithms: 'ec2:Phase1EncryptionAlgorithms',
  Phase1IntegrityAlgorithms: 'ec2:Phase1IntegrityAlgorithms',
  Phase1LifetimeSeconds: 'ec2:Phase1LifetimeSeconds',
  Phase2DHGroupNumbers: 'ec2:Phase2DHGroup',
  Phase2EncryptionAlgorithms: 'ec2:Phase2EncryptionAlgorithms',
  Phase2IntegrityAlgorithms: 'ec2:Phase2IntegrityAlgorithms',
  Phase2LifetimeSeconds: 'ec2:Phase2LifetimeSeconds',
  RekeyFuzzPercentage: 'ec2:RekeyFuzzPercentage',
  RekeyMarginTimeSeconds: 'ec2:RekeyMarginTimeSeconds',
  ReplayWindowSize: 'ec2:ReplayWindowSizePackets',
} as const;

function asksAbout(operation: string, about: About, input: Input, call: Call): readonly Ask[] {
  const specifications = input['TagSpecifications'] as TagSpecification[] | undefined; // every operation has it so
  return Object.entries(about).flatMap(([named, member]) => {
    const kind = named as Kind; // the table's own keys
    if (member !== NEW)
      return [input[String(member)] ?? []].flat().map((id) => ask(operation, kind, String(id), call));
    const made = arnOf(call, kind, '*');
    const requestTags = tagsIn(specifications);
    const of = (action: string, context: Context = {}): Ask => ({
      action: `ec2:${action}`,
      resource: made,
      context: { 'ec2:Region': call.region, ...context },
      requestTags,
      resourceTags: {},
    });
    const tagging = Object.keys(requestTags).length > 0;
    return [of(operation), ...(tagging ? [of('CreateTags', { 'ec2:CreateAction': operation })] : [])];
  });
}

/** Asked of a resource that is not there too: IAM refuses first. */
function ask(operation: string, kind: Kind, id: string, call: Call, context: Context = {}): Ask {
  const found = allOf(call, kind)[id];
  return {
    action: `ec2:${operation}`,
    resource: arnOf(call, kind, id),
    context: { 'ec2:Region': call.region, ...context },
    resourceTags: found?.tags ?? {},
  };
}

function ofAny(operation: string, id: string, call: Call, context: Context = {}): Ask {
  const prefix = id.slice(0, id.indexOf('-'));
  const kind = (Object.keys(KINDS) as Kind[]).find((one) => KINDS[one].prefix === prefix) ?? 'vpc'; // its own keys
  return ask(operation, kind, id, call, context);
}
