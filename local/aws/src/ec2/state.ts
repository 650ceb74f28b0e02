import type { World } from '../world/world.ts';

export type Tags = Readonly<Record<string, string>>;

/** What every resource of EC2 has. */
export interface Ec2Resource {
  readonly id: string;
  tags: Tags;
}

export interface Vpc extends Ec2Resource {
  readonly cidr: string;
  dnsSupport: boolean;
  dnsHostnames: boolean;
}

export interface Subnet extends Ec2Resource {
  readonly vpc: string;
  readonly cidr: string;
  /** `eu-west-1a`: this account's name of the zone. */
  readonly zone: string;
  /** `euw1-az1`: the same zone in every account. */
  readonly zoneId: string;
  /** Addresses that something other than a task has: a load balancer, a database. */
  heldByOthers: number;
  publicAddresses?: boolean;
}

export interface InternetGateway extends Ec2Resource {
  vpc: string | undefined;
}

/** Where a route leads. */
export interface Target {
  readonly gateway?: string;
  readonly nat?: string;
  readonly endpoint?: string;
}

export interface RouteTable extends Ec2Resource {
  readonly vpc: string;
  readonly main: boolean;
  /** Beside the local route, by destination. */
  readonly routes: Record<string, Target>;
  /** The subnets that use it, by the id of their association. */
  readonly associations: Record<string, string>;
  /** Gateways of VPN connections whose routes it takes over. */
  propagating: readonly string[];
}

export interface Address extends Ec2Resource {
  readonly ip: string;
}

export interface NatGateway extends Ec2Resource {
  readonly vpc: string;
  readonly subnet: string;
  readonly address: string;
  readonly privateIp: string;
  readonly token: string | undefined;
  readonly createdAt: number;
  /** Why it failed, where it did: EC2 finds that out after it has answered. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  deletedAt: number | undefined;
}

export interface VpcEndpoint extends Ec2Resource {
  readonly vpc: string;
  readonly kind: 'Gateway' | 'Interface';
  readonly service: string;
  readonly createdAt: number;
  routeTables: readonly string[];
  subnets: readonly string[];
  groups: readonly string[];
  privateDns: boolean;
  policy: string | undefined;
}

export interface SecurityGroup extends Ec2Resource {
  readonly vpc: string;
  readonly name: string;
  readonly description?: string;
  /** None where a seed says nothing of them. */
  rules?: readonly GroupRule[];
}

export interface GroupRule extends Ec2Resource {
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, or `-1` for all. */
  readonly protocol: string;
  /** -1 with all protocols. */
  readonly from: number;
  readonly to: number;
  /** Whom it lets in, or lets reach: a range or a group. */
  readonly peer: { readonly cidr: string } | { readonly group: string };
  readonly description: string | undefined;
  /** In a stack it is a resource of its own, and no property of its group. */
  readonly separate?: true;
}

export interface FlowLog extends Ec2Resource {
  readonly of: string;
  readonly traffic: string;
  readonly logGroup: string;
  readonly role: string;
  readonly createdAt: number;
}

export interface CustomerGateway extends Ec2Resource {
  readonly ip: string;
  readonly asn: string;
  readonly device?: string | undefined;
}

export interface VpnGateway extends Ec2Resource {
  readonly asn: number;
  vpc: string | undefined;
}

/** By the word with which EC2 names a kind in tags and ARNs. VPN connections are kept in `vpn-state.ts`. */
export interface Ec2State {
  readonly vpcs: Record<string, Vpc>;
  readonly subnets: Record<string, Subnet>;
  readonly internetGateways: Record<string, InternetGateway>;
  readonly routeTables: Record<string, RouteTable>;
  readonly addresses: Record<string, Address>;
  readonly natGateways: Record<string, NatGateway>;
  readonly endpoints: Record<string, VpcEndpoint>;
  readonly securityGroups: Record<string, SecurityGroup>;
  readonly flowLogs: Record<string, FlowLog>;
  readonly customerGateways: Record<string, CustomerGateway>;
  readonly vpnGateways: Record<string, VpnGateway>;
  /** How many ids and addresses were given out. */
  given: number;
}

export function ec2Of(world: Pick<World, 'state'>, account: string, region: string): Ec2State {
  return world.state<Ec2State>('ec2', account, region, () => ({
    vpcs: {},
    subnets: {},
    internetGateways: {},
    routeTables: {},
    addresses: {},
    natGateways: {},
    endpoints: {},
    securityGroups: {},
    flowLogs: {},
    customerGateways: {},
    vpnGateways: {},
    given: 0,
  }));
}
