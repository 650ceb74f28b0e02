import type { Here } from '../ec2/kinds.ts';
import { type Quota, quotaOf } from '../world/quotas.ts';

/** One quota as Service Quotas knows it. */
export interface KnownQuota {
  readonly service: 'vpc' | 'ec2' | 'elasticloadbalancing' | 'ecs' | 'ecr';
  readonly code: string;
  readonly name: string;
  /** What AWS gives every account. */
  readonly usual: number;
  /** What the service here refuses more than. */
  readonly enforced?: Quota;
  /** Service Quotas has no applied value of it: "For some quotas, only the default values are available." */
  readonly onlyDefault?: true;
}

/**
 * "Amazon VPC quotas", "AWS Site-to-Site VPN quotas", "Quotas for your Application Load Balancers", "Amazon ECS service quotas" and
 * "Amazon ECR service quotas", as far as something here counts against them. AWS does not publish of which quotas only the default
 * value is available. One is marked, so that a caller meets the refusal.
 */
export const QUOTAS: readonly KnownQuota[] = [
  { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs per Region', usual: 5, enforced: 'vpcs' },
  {
    service: 'vpc',
    code: 'L-A4707A72',
    name: 'Internet gateways per Region',
    usual: 5,
    enforced: 'internetGateways',
  },
  {
    service: 'vpc',
    code: 'L-FE5A380F',
    name: 'NAT gateways per Availability Zone',
    usual: 5,
    enforced: 'natGateways',
  },
  {
    service: 'vpc',
    code: 'L-E79EC296',
    name: 'VPC security groups per Region',
    usual: 2500,
    enforced: 'securityGroups',
  },
  {
    service: 'vpc',
    code: 'L-0EA8095F',
    name: 'Inbound or outbound rules per security group',
    usual: 60,
    enforced: 'groupRules',
  },
  { service: 'vpc', code: 'L-407747CB', name: 'Subnets per VPC', usual: 200, enforced: 'subnets' },
  { service: 'ec2', code: 'L-0263D0A3', name: 'EC2-VPC Elastic IPs', usual: 5, enforced: 'addresses' },
  {
    service: 'ec2',
    code: 'L-4FB7FF5D',
    name: 'Customer gateways per region',
    usual: 50,
    enforced: 'customerGateways',
  },
  {
    service: 'ec2',
    code: 'L-7029FAB6',
    name: 'Virtual private gateways per region',
    usual: 5,
    enforced: 'vpnGateways',
  },
  {
    service: 'ec2',
    code: 'L-3E6EC3A3',
    name: 'VPN connections per region',
    usual: 50,
    enforced: 'vpnConnections',
  },
  {
    service: 'elasticloadbalancing',
    code: 'L-53DA6B97',
    name: 'Application Load Balancers per Region',
    usual: 50,
    enforced: 'balancers',
  },
  {
    service: 'elasticloadbalancing',
    code: 'L-B22855CB',
    name: 'Target Groups per Region',
    usual: 3000,
    enforced: 'targetGroups',
  },
  {
    service: 'elasticloadbalancing',
    code: 'L-7EED9B64',
    name: 'Rules per Application Load Balancer',
    usual: 100,
    enforced: 'listenerRules',
  },
  { service: 'ecs', code: 'L-9EF96962', name: 'Services per cluster', usual: 5000, onlyDefault: true },
  {
    service: 'ecr',
    code: 'L-CFEB8E8D',
    name: 'Registered repositories',
    usual: 100_000,
    enforced: 'repositories',
  },
];

/** What an account was given. */
export function appliedQuota(here: Here, { enforced, usual }: KnownQuota): number {
  return enforced ? quotaOf(here, enforced) : usual;
}
