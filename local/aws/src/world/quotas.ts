import { AwsError, type Call } from './service.ts';

/** A place in a world: quotas are of an account in a region. */
type Here = Pick<Call, 'world' | 'account' | 'region'>;
type Row = readonly [most: number, code: string, says: string, status?: number];

interface Limit {
  /** How many an account has without asking. */
  readonly most: number;
  /** The title of AWS's page. */
  readonly page: string;
  readonly code: string;
  readonly says: string;
  readonly status: number;
}

/** The quotas that one page lists. */
function from<Name extends string>(page: string, rows: Record<Name, Row>): Record<Name, Limit> {
  const limits = Object.entries<Row>(rows).map(([name, [most, code, says, status = 400]]) => [
    name,
    { most, page, code, says, status },
  ]);
  return Object.fromEntries(limits) as Record<Name, Limit>; // the same names
}

const reached = (what: string) => `The maximum number of ${what} has been reached.`;
const OF_ECR =
  'The operation did not succeed because it would have exceeded a service limit for your account. For more information, see Amazon ECR service quotas in the Amazon Elastic Container Registry User Guide.';

/** What an account has of each thing before AWS gives it more, and the service's refusal of one more. */
export const QUOTAS = {
  ...from('Amazon VPC quotas - Amazon Virtual Private Cloud', {
    vpcs: [5, 'VpcLimitExceeded', reached('VPCs')],
    subnets: [200, 'SubnetLimitExceeded', reached('subnets for this VPC')],
    internetGateways: [5, 'InternetGatewayLimitExceeded', reached('internet gateways')],
    routeTables: [200, 'RouteTableLimitExceeded', reached('route tables')],
    routes: [50, 'RouteLimitExceeded', reached('routes')],
    addresses: [5, 'AddressLimitExceeded', reached('addresses')],
    natGateways: [
      5,
      'NatGatewayLimitExceeded',
      'Performing this operation would exceed the limit of 5 NAT gateways',
    ],
    interfaceEndpoints: [50, 'VpcEndpointLimitExceeded', reached('VPC endpoints')],
    gatewayEndpoints: [20, 'VpcEndpointLimitExceeded', reached('VPC endpoints')],
    securityGroups: [2500, 'SecurityGroupLimitExceeded', reached('security groups')],
    groupRules: [60, 'RulesPerSecurityGroupLimitExceeded', reached('rules per security group')],
  }),
  ...from('Site-to-Site VPN quotas - AWS Site-to-Site VPN', {
    customerGateways: [50, 'CustomerGatewayLimitExceeded', reached('customer gateways')],
    vpnGateways: [5, 'VpnGatewayLimitExceeded', reached('virtual private gateways')],
    vpnConnections: [50, 'VpnConnectionLimitExceeded', reached('VPN connections')],
  }),
  ...from('Amazon ECR service quotas - Amazon ECR', {
    repositories: [100_000, 'LimitExceededException', OF_ECR],
    images: [100_000, 'LimitExceededException', OF_ECR],
    imageTags: [1_000, 'LimitExceededException', OF_ECR],
    pullThroughRules: [50, 'LimitExceededException', OF_ECR],
  }),
  ...from('Quotas for your Application Load Balancers - Elastic Load Balancing', {
    balancers: [50, 'TooManyLoadBalancers', reached('load balancers')],
    listeners: [50, 'TooManyListeners', reached('listeners')],
    listenerRules: [100, 'TooManyRules', reached('rules')],
    targetGroups: [3_000, 'TooManyTargetGroups', reached('target groups')],
    targets: [1_000, 'TooManyTargets', reached('targets')],
  }),
  ...from('CloudWatch service quotas - Amazon CloudWatch', {
    alarms: [5_000, 'LimitExceeded', 'The quota for alarms for this customer has already been reached.'],
  }),
  ...from('Amazon SNS endpoints and quotas - AWS General Reference', {
    topics: [100_000, 'TopicLimitExceeded', 'Topic limit exceeded', 403],
  }),
  ...from('Understand CloudFormation quotas - AWS CloudFormation', {
    stacks: [2_000, 'LimitExceededException', 'Stack limit exceeded'],
    changeSets: [1_000, 'LimitExceededException', 'ChangeSet limit exceeded'],
  }),
  ...from('IAM and AWS STS quotas - AWS Identity and Access Management', {
    roles: [1_000, 'LimitExceeded', 'Cannot exceed quota for RolesPerAccount: 1000', 409],
  }),
} as const satisfies Readonly<Record<string, Limit>>;
export type Quota = keyof typeof QUOTAS;

/** Refuses one more of what there are already so many of. */
export function withinQuota(here: Here, quota: Quota, there: number, more = 1): void {
  const { code, says, status } = QUOTAS[quota];
  if (there + more > quotaOf(here, quota)) throw new AwsError(code, says, status);
}

/** What the account has of a quota: what it was raised to, else what AWS gives every account. */
export function quotaOf(here: Here, quota: Quota): number {
  return raisedOf(here)[quota] ?? QUOTAS[quota].most;
}

/** AWS gives the account another quota, as it does when somebody asks. */
export function raiseQuota(here: Here, quota: Quota, to: number): void {
  raisedOf(here)[quota] = to;
  here.world.touched();
}

/** Quotas that are not the usual ones. */
function raisedOf({ world, account, region }: Here): Partial<Record<Quota, number>> {
  return world.state<Partial<Record<Quota, number>>>('quotas', account, region, () => ({}));
}
