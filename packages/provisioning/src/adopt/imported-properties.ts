import type { Properties } from './adopted.ts';

/**
 * What a template takes over of a resource that is there: what its type requires, and what would make it another one. The
 * rest is left out, so no update touches it: tags, rules of groups, what deliveries and ECS set.
 */
export const IMPORTED: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::VPC': ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport', 'InstanceTenancy'],
  'AWS::EC2::Subnet': ['AvailabilityZoneId', 'CidrBlock', 'MapPublicIpOnLaunch', 'VpcId'],
  'AWS::EC2::SecurityGroup': ['GroupDescription', 'GroupName', 'VpcId'],
  'AWS::ECS::Cluster': ['ClusterName', 'ClusterSettings'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'IpAddressType',
    'Name',
    'Scheme',
    'SecurityGroups',
    'Subnets',
    'Type',
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'HealthCheckIntervalSeconds',
    'HealthCheckPath',
    'HealthCheckTimeoutSeconds',
    'HealthyThresholdCount',
    'Matcher',
    'Name',
    'Port',
    'Protocol',
    'ProtocolVersion',
    'TargetType',
    'UnhealthyThresholdCount',
    'VpcId',
  ],
  'AWS::ECS::Service': [
    'CapacityProviderStrategy',
    'LaunchType',
    'LoadBalancers',
    'NetworkConfiguration',
    'SchedulingStrategy',
    'ServiceName',
  ],
  'AWS::Logs::LogGroup': ['KmsKeyId', 'LogGroupClass', 'LogGroupName', 'RetentionInDays'],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    'MaxCapacity',
    'MinCapacity',
    'ResourceId',
    'ScalableDimension',
    'ServiceNamespace',
  ],
};

/** Of the live properties those that a template takes over. An empty list says nothing, and some types refuse it. */
export function importedProperties(type: string, live: Properties): Properties {
  return Object.fromEntries(
    (IMPORTED[type] ?? []).flatMap((name) => {
      const value = live[name];
      return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[name, value]];
    }),
  );
}
