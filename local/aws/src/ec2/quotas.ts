import { AwsError } from '../world/service.ts';
import type { Here } from './kinds.ts';
import { ec2Of } from './state.ts';

/** "Amazon VPC quotas" and "Site-to-Site VPN quotas": what an account has without asking, and EC2's refusal beyond it. */
const QUOTAS = {
  vpcs: [5, 'VpcLimitExceeded', 'The maximum number of VPCs has been reached.'],
  subnets: [200, 'SubnetLimitExceeded', 'The maximum number of subnets for this VPC has been reached.'],
  internetGateways: [
    5,
    'InternetGatewayLimitExceeded',
    'The maximum number of internet gateways has been reached.',
  ],
  routeTables: [200, 'RouteTableLimitExceeded', 'The maximum number of route tables has been reached.'],
  routes: [50, 'RouteLimitExceeded', 'The maximum number of routes has been reached.'],
  addresses: [5, 'AddressLimitExceeded', 'The maximum number of addresses has been reached.'],
  natGateways: [
    5,
    'NatGatewayLimitExceeded',
    'Performing this operation would exceed the limit of 5 NAT gateways',
  ],
  interfaceEndpoints: [
    50,
    'VpcEndpointLimitExceeded',
    'The maximum number of VPC endpoints has been reached.',
  ],
  gatewayEndpoints: [20, 'VpcEndpointLimitExceeded', 'The maximum number of VPC endpoints has been reached.'],
  securityGroups: [
    2500,
    'SecurityGroupLimitExceeded',
    'The maximum number of security groups has been reached.',
  ],
  groupRules: [
    60,
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  ],
  customerGateways: [
    50,
    'CustomerGatewayLimitExceeded',
    'The maximum number of customer gateways has been reached.',
  ],
  vpnGateways: [
    5,
    'VpnGatewayLimitExceeded',
    'The maximum number of virtual private gateways has been reached.',
  ],
  vpnConnections: [
    50,
    'VpnConnectionLimitExceeded',
    'The maximum number of VPN connections has been reached.',
  ],
} as const;
export type Quota = keyof typeof QUOTAS;

/** Refuses one more of what there are already so many of. */
export function withinQuota(here: Here, quota: Quota, there: number, more = 1): void {
  const [, code, says] = QUOTAS[quota];
  if (there + more > quotaOf(here, quota)) throw new AwsError(code, says);
}

/** What the account has of a quota: what it was raised to, else what AWS gives every account. */
export function quotaOf({ world, account, region }: Here, quota: Quota): number {
  const [usual] = QUOTAS[quota];
  return ec2Of(world, account, region).quotas[quota] ?? usual;
}

/** AWS raises a quota, as it does when somebody asks. */
export function raiseQuota({ world, account, region }: Here, quota: Quota, to: number): void {
  ec2Of(world, account, region).quotas[quota] = to;
  world.touched();
}
