/** What AWS limits of the things that an environment is made of. */
interface Limit {
  /** As a sentence counts them: `3 of 5 VPCs`. */
  readonly of: string;
  /** By Service Quotas. */
  readonly service: 'vpc' | 'ec2' | 'elasticloadbalancing' | 'ecs' | 'ecr';
  readonly code: string;
  /** What CloudFormation calls one of them. */
  readonly type: string;
  /** Where AWS counts them. */
  readonly per: 'region' | 'zone' | 'cluster' | 'load balancer' | 'security group';
}

/**
 * "Amazon VPC quotas", "AWS Site-to-Site VPN quotas", "Quotas for your Application Load Balancers", "Amazon ECS service quotas" and
 * "Amazon ECR service quotas". VPN connections are missing: listing them shows their keys, which the role that
 * looks may not see. Each connection has a customer gateway, and AWS allows as many of those.
 */
export const LIMITS = {
  vpcs: { of: 'VPCs', service: 'vpc', code: 'L-F678F1CE', type: 'AWS::EC2::VPC', per: 'region' },
  'internet-gateways': {
    of: 'internet gateways',
    service: 'vpc',
    code: 'L-A4707A72',
    type: 'AWS::EC2::InternetGateway',
    per: 'region',
  },
  'nat-gateways': {
    of: 'NAT gateways',
    service: 'vpc',
    code: 'L-FE5A380F',
    type: 'AWS::EC2::NatGateway',
    per: 'zone',
  },
  addresses: {
    of: 'Elastic IP addresses',
    service: 'ec2',
    code: 'L-0263D0A3',
    type: 'AWS::EC2::EIP',
    per: 'region',
  },
  'security-groups': {
    of: 'security groups',
    service: 'vpc',
    code: 'L-E79EC296',
    type: 'AWS::EC2::SecurityGroup',
    per: 'region',
  },
  'security-group-rules': {
    of: 'rules in one direction',
    service: 'vpc',
    code: 'L-0EA8095F',
    type: 'AWS::EC2::SecurityGroupIngress',
    per: 'security group',
  },
  'customer-gateways': {
    of: 'customer gateways',
    service: 'ec2',
    code: 'L-4FB7FF5D',
    type: 'AWS::EC2::CustomerGateway',
    per: 'region',
  },
  'vpn-gateways': {
    of: 'virtual private gateways',
    service: 'ec2',
    code: 'L-7029FAB6',
    type: 'AWS::EC2::VPNGateway',
    per: 'region',
  },
  'load-balancers': {
    of: 'Application Load Balancers',
    service: 'elasticloadbalancing',
    code: 'L-53DA6B97',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    per: 'region',
  },
  'target-groups': {
    of: 'target groups',
    service: 'elasticloadbalancing',
    code: 'L-B22855CB',
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    per: 'region',
  },
  'listener-rules': {
    of: 'rules',
    service: 'elasticloadbalancing',
    code: 'L-7EED9B64',
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    per: 'load balancer',
  },
  services: {
    of: 'services',
    service: 'ecs',
    code: 'L-9EF96962',
    type: 'AWS::ECS::Service',
    per: 'cluster',
  },
  repositories: {
    of: 'repositories',
    service: 'ecr',
    code: 'L-CFEB8E8D',
    type: 'AWS::ECR::Repository',
    per: 'region',
  },
} as const satisfies Readonly<Record<string, Limit>>;

export type Limited = keyof typeof LIMITS;
