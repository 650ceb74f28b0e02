import type { Making } from '../cloudformation/resource-type.ts';
import { applicationAutoscaling } from '../services/application-autoscaling.ts';
import { ec2 } from '../services/ec2.ts';
import { ecs } from '../services/ecs.ts';
import { elasticloadbalancing } from '../services/elasticloadbalancing.ts';
import { logs } from '../services/logs.ts';
import type { Service } from '../world/service.ts';

type Given = Readonly<Record<string, string>>;
/** Asks as the read handler of a type does, so that IAM says what the caller may see. */
type Reads = (made: Making, given: Given) => Promise<unknown>;

const asking =
  (service: Service, operation: string, input: (given: Given) => object): Reads =>
  (made, given) =>
    made.perform(service, operation, input(given));

/** What the read handler of each type asks its service; the types that environments are adopted with. */
export const READS: Readonly<Record<string, Reads>> = {
  'AWS::EC2::VPC': asking(ec2, 'DescribeVpcs', ({ VpcId }) => ({ VpcIds: [VpcId] })),
  'AWS::EC2::Subnet': asking(ec2, 'DescribeSubnets', ({ SubnetId }) => ({ SubnetIds: [SubnetId] })),
  'AWS::EC2::SecurityGroup': asking(ec2, 'DescribeSecurityGroups', ({ Id }) => ({ GroupIds: [Id] })),
  'AWS::ECS::Cluster': asking(ecs, 'DescribeClusters', ({ ClusterName }) => ({ clusters: [ClusterName] })),
  'AWS::ECS::Service': asking(ecs, 'DescribeServices', ({ ServiceArn, Cluster }) => ({
    services: [ServiceArn],
    cluster: Cluster,
  })),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': asking(
    elasticloadbalancing,
    'DescribeLoadBalancers',
    ({ LoadBalancerArn }) => ({ LoadBalancerArns: [LoadBalancerArn] }),
  ),
  'AWS::ElasticLoadBalancingV2::TargetGroup': asking(
    elasticloadbalancing,
    'DescribeTargetGroups',
    ({ TargetGroupArn }) => ({ TargetGroupArns: [TargetGroupArn] }),
  ),
  'AWS::Logs::LogGroup': asking(logs, 'DescribeLogGroups', ({ LogGroupName }) => ({
    logGroupNamePrefix: LogGroupName,
  })),
  'AWS::ApplicationAutoScaling::ScalableTarget': asking(
    applicationAutoscaling,
    'DescribeScalableTargets',
    ({ ServiceNamespace, ResourceId }) => ({ ServiceNamespace, ResourceIds: [ResourceId] }),
  ),
};
