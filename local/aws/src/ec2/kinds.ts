import { createHash } from 'node:crypto';
import { AwsError, type Call } from '../world/service.ts';
import {
  type Address,
  type CustomerGateway,
  type Ec2Resource,
  type Ec2State,
  ec2Of,
  type FlowLog,
  type GroupRule,
  type InternetGateway,
  type NatGateway,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
  type VpnGateway,
} from './state.ts';
import { type VpnConnection, vpnsOf } from './vpn-state.ts';

/** An account and region of a world. */
export type Here = Pick<Call, 'world' | 'account' | 'region'>;

interface Resources {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly 'internet-gateway': InternetGateway;
  readonly 'route-table': RouteTable;
  readonly 'elastic-ip': Address;
  readonly natgateway: NatGateway;
  readonly 'vpc-endpoint': VpcEndpoint;
  readonly 'security-group': SecurityGroup;
  readonly 'security-group-rule': GroupRule;
  readonly 'vpc-flow-log': FlowLog;
  readonly 'customer-gateway': CustomerGateway;
  readonly 'vpn-gateway': VpnGateway;
  readonly 'vpn-connection': VpnConnection;
}

/** A kind of resource, by the word with which EC2 names it in tags and ARNs. */
export type Kind = keyof Resources;
export type ResourceOf<K extends Kind> = Resources[K];

interface Words {
  readonly prefix: string;
  /** EC2's code and sentence for an id that nothing has ("Error codes for the Amazon EC2 API"). */
  readonly absent: string;
  readonly says: (id: string) => string;
  /** Its code for an id that cannot be one; most kinds say that there is none. */
  readonly malformed: string | undefined;
}

const notThere = (what: string) => (id: string) => `The ${what} ID '${id}' does not exist`;

export const KINDS: Readonly<Record<Kind, Words>> = {
  vpc: words('vpc', 'InvalidVpcID.NotFound', undefined, 'vpc'),
  subnet: words('subnet', 'InvalidSubnetID.NotFound', undefined, 'subnet'),
  'internet-gateway': words('igw', 'InvalidInternetGatewayID.NotFound', undefined, 'internetGateway'),
  'route-table': words('rtb', 'InvalidRouteTableID.NotFound', 'InvalidRouteTableId.Malformed', 'routeTable'),
  'elastic-ip': words('eipalloc', 'InvalidAllocationID.NotFound', undefined, 'allocation'),
  natgateway: {
    ...words('nat', 'NatGatewayNotFound', 'NatGatewayMalformed', ''),
    says: (id) => `The Nat Gateway ${id} was not found`,
  },
  'vpc-endpoint': {
    ...words('vpce', 'InvalidVpcEndpointId.NotFound', 'InvalidVpcEndpointId.Malformed', ''),
    says: (id) => `The Vpc Endpoint Id '${id}' does not exist`,
  },
  'security-group': {
    ...words('sg', 'InvalidGroup.NotFound', 'InvalidGroupId.Malformed', ''),
    says: (id) => `The security group '${id}' does not exist`,
  },
  'security-group-rule': words(
    'sgr',
    'InvalidSecurityGroupRuleId.NotFound',
    undefined,
    'security group rule',
  ),
  'vpc-flow-log': words('fl', 'InvalidFlowLogId.NotFound', undefined, 'flowLog'),
  'customer-gateway': words(
    'cgw',
    'InvalidCustomerGatewayID.NotFound',
    'InvalidCustomerGatewayId.Malformed',
    'customerGateway',
  ),
  'vpn-gateway': words('vgw', 'InvalidVpnGatewayID.NotFound', undefined, 'vpnGateway'),
  'vpn-connection': words('vpn', 'InvalidVpnConnectionID.NotFound', undefined, 'vpnConnection'),
};

function words(prefix: string, absent: string, malformed: string | undefined, what: string): Words {
  return { prefix, absent, malformed, says: notThere(what) };
}

/** Everything of one kind in an account and region, by id. */
export function allOf<K extends Kind>(
  { world, account, region }: Here,
  kind: K,
): Record<string, Resources[K]> {
  const state = ec2Of(world, account, region);
  const stores: { readonly [Each in Kind]: Record<string, Resources[Each]> } = {
    vpc: state.vpcs,
    subnet: state.subnets,
    'internet-gateway': state.internetGateways,
    'route-table': state.routeTables,
    'elastic-ip': state.addresses,
    natgateway: state.natGateways,
    'vpc-endpoint': state.endpoints,
    'security-group': state.securityGroups,
    'security-group-rule': rulesOf(state),
    'vpc-flow-log': state.flowLogs,
    'customer-gateway': state.customerGateways,
    'vpn-gateway': state.vpnGateways,
    'vpn-connection': vpnsOf(world, account, region),
  };
  return stores[kind];
}

function rulesOf({ securityGroups }: Ec2State): Record<string, GroupRule> {
  const rules = Object.values(securityGroups).flatMap((group) => group.rules ?? []);
  return Object.fromEntries(rules.map((rule) => [rule.id, rule]));
}

/** The one with this id, or EC2's refusal: of an id that cannot be one, or that nothing has. */
export function find<K extends Kind>(here: Here, kind: K, id = ''): ResourceOf<K> {
  const found = allOf(here, kind)[id];
  if (found) return found;
  const { prefix, absent, malformed, says } = KINDS[kind];
  if (id === '')
    throw new AwsError('MissingParameter', `The request must contain the id of a ${kind} (${prefix}-…).`);
  if (malformed !== undefined && !new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id))
    throw new AwsError(malformed, `Invalid id: "${id}" (expecting "${prefix}-...")`);
  throw new AwsError(absent, says(id));
}

/** The kind that ids such as this one belong to. */
export function kindOf(id: string): Kind | undefined {
  const prefix = id.slice(0, id.indexOf('-'));
  return (Object.keys(KINDS) as Kind[]).find((one) => KINDS[one].prefix === prefix); // its own keys
}

/** What has an id, of whatever kind. */
export function findAny(here: Here, id: string): { readonly kind: Kind; readonly found: Ec2Resource } {
  const kind = kindOf(id);
  if (!kind) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  return { kind, found: find(here, kind, id) };
}

/** An id that nothing has had here: the same for the same world, so that two runs can be compared. */
export function newId({ world, account, region }: Here, prefix: string): string {
  const state = ec2Of(world, account, region);
  state.given += 1;
  const hash = createHash('sha256').update(`${account}/${region}/${prefix}/${state.given}`).digest('hex');
  return `${prefix}-0${hash.slice(0, 16)}`;
}

export function arnOf({ account, region }: Here, kind: Kind, id: string): string {
  return `arn:aws:ec2:${region}:${account}:${kind}/${id}`;
}
