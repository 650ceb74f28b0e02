import { PARTITIONS, partitionOf } from '@tenant-delivery/domain';
import type { ServiceAgreement } from '@tenant-delivery/tenancy/contract';
import type { ServiceProvision } from '@tenant-delivery/tenancy/network-agreement';
import type { RenderedRole } from '../environment-roles.ts';
import { rolesIn } from './job-roles.ts';
import type { NetworkedEnvironment } from './networked-environment.ts';
import { scaling } from './scaling.ts';
import {
  att,
  kept,
  logicalId,
  type Resource,
  type Resources,
  ref,
  type Template,
  tagList,
} from './template.ts';

/** A service that a contract asks for. */
export interface Wanted {
  readonly place: NetworkedEnvironment;
  readonly service: string;
  readonly agreement: ServiceAgreement;
  readonly provision: ServiceProvision;
}

/** The output of the network stack that each parameter of a service's stack takes. */
export function parametersFromNetwork({ layer }: ServiceAgreement): Readonly<Record<string, string>> {
  return {
    VpcId: 'VpcId',
    ListenerArn: 'ListenerArn',
    LoadBalancerName: 'LoadBalancerName',
    Subnets: logicalId('subnets', layer),
    Group: logicalId('group', layer, 'id'),
  };
}

/** What one service has for itself. A delivery owns its task definition; this stack makes the first, with a placeholder. */
export function serviceTemplate(wanted: Wanted, roles: readonly RenderedRole[]): Template {
  const { place, service, agreement } = wanted;
  const own = roles.filter(({ name }) =>
    ['execution', 'task'].some((kind) => name === `${agreement.family}-${kind}`),
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The service ${service} of ${place.contract.id} ${place.name}`,
    Parameters: {
      VpcId: { Type: 'AWS::EC2::VPC::Id', Description: 'VpcId of the network stack' },
      ListenerArn: { Type: 'String', Description: 'ListenerArn of the network stack' },
      LoadBalancerName: { Type: 'String', Description: 'LoadBalancerName of the network stack' },
      Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Description: `Subnets of the layer ${agreement.layer}` },
      Group: {
        Type: 'AWS::EC2::SecurityGroup::Id',
        Description: `The group of the layer ${agreement.layer}`,
      },
    },
    Resources: {
      ...rolesIn(own),
      ...registryAndLogs(wanted),
      ...routed(wanted),
      ...running(wanted),
      ...scaling(wanted),
    },
  };
}

function registryAndLogs(wanted: Wanted): Resources {
  const { place, agreement, provision } = wanted;
  return {
    ...(provision.repositoryOf === undefined && { Repository: repository(wanted) }),
    LogGroup: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: agreement.logGroup, RetentionInDays: 365, Tags: tagList(place.tags) },
    },
  };
}

/** It has the images of the record. */
function repository({ place: { environment, tags }, agreement }: Wanted): Resource {
  const { encryption } = environment.registry ?? {};
  return kept({
    Type: 'AWS::ECR::Repository',
    Properties: {
      RepositoryName: agreement.repository,
      ImageTagMutability: 'IMMUTABLE',
      ...(encryption && {
        EncryptionConfiguration: {
          EncryptionType: encryption.type,
          ...('key' in encryption && { KmsKey: encryption.key }),
        },
      }),
      Tags: tagList(tags),
    },
  });
}

function routed({ place: { tags }, agreement, provision: { port, healthPath, route } }: Wanted): Resources {
  const conditions = [
    ...(route.hosts ? [{ Field: 'host-header', HostHeaderConfig: { Values: route.hosts } }] : []),
    ...(route.paths ? [{ Field: 'path-pattern', PathPatternConfig: { Values: route.paths } }] : []),
  ];
  return {
    TargetGroup: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        Name: agreement.targetGroup,
        TargetType: 'ip',
        Protocol: 'HTTP',
        Port: port,
        VpcId: ref('VpcId'),
        HealthCheckPath: healthPath,
        HealthCheckIntervalSeconds: 15,
        HealthyThresholdCount: 2,
        Matcher: { HttpCode: '200-299' },
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
        Tags: tagList(tags),
      },
    },
    ListenerRule: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ListenerArn: ref('ListenerArn'),
        Priority: route.priority,
        Conditions: conditions,
        Actions: [{ Type: 'forward', TargetGroupArn: ref('TargetGroup') }],
      },
    },
  };
}

/**
 * Answers every request, so that targets are healthy before the first delivery, which leaves a command that begins so out.
 * `PORT` is where a runtime maps ports.
 */
const answering = (port: number) =>
  `/* placeholder of tenant-delivery */require("node:http").createServer((_, answer) => answer.end("placeholder\\n")).listen(process.env.PORT ?? ${port})`;

function running(wanted: Wanted): Resources {
  return { ...taskDefinition(wanted), ...ecsService(wanted), ...alarms(wanted.agreement) };
}

function taskDefinition({ place, service, agreement, provision: { port, size } }: Wanted): Resources {
  const { environment, contract, tags } = place;
  const { region, probe } = environment;
  const registry = `${contract.account}.dkr.ecr.${region}.${PARTITIONS[partitionOf(region)].domain}`;
  const container = agreement.container ?? service;
  return {
    // It stays even when the creation of its stack fails: only who may deregister every one of the account may deregister it.
    TaskDefinition: {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        Family: agreement.family,
        RequiresCompatibilities: ['FARGATE'],
        NetworkMode: 'awsvpc',
        Cpu: String(size.cpu),
        Memory: String(size.memory),
        ExecutionRoleArn: att('RoleExecution', 'Arn'),
        TaskRoleArn: att('RoleTask', 'Arn'),
        ContainerDefinitions: [
          {
            Name: container,
            Image: `${registry}/${probe?.image}`,
            Command: ['node', '-e', answering(port)],
            Essential: true,
            PortMappings: [{ ContainerPort: port, Protocol: 'tcp' }],
            LogConfiguration: {
              LogDriver: 'awslogs',
              Options: {
                'awslogs-group': ref('LogGroup'),
                'awslogs-region': region,
                'awslogs-stream-prefix': container,
              },
            },
          },
        ],
        Tags: tagList(tags),
      },
    },
  };
}

function ecsService({ place, service, agreement, provision: { port } }: Wanted): Resources {
  return {
    Service: {
      Type: 'AWS::ECS::Service',
      // A target group that no listener uses takes no tasks; the first revision must be there before its family is named.
      DependsOn: ['ListenerRule', 'TaskDefinition'],
      Properties: {
        ServiceName: service,
        Cluster: place.environment.cluster,
        LaunchType: 'FARGATE',
        // The family, which is its newest revision: a delivery's. The name of a revision would bring that one back.
        TaskDefinition: agreement.family,
        // No DesiredCount: the scaling range sets it.
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
        },
        AvailabilityZoneRebalancing: 'ENABLED',
        EnableExecuteCommand: false,
        HealthCheckGracePeriodSeconds: 60,
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: 'DISABLED',
            Subnets: ref('Subnets'),
            SecurityGroups: [ref('Group')],
          },
        },
        LoadBalancers: [
          {
            ContainerName: agreement.container ?? service,
            ContainerPort: port,
            TargetGroupArn: ref('TargetGroup'),
          },
        ],
        PropagateTags: 'SERVICE',
        Tags: tagList(place.tags),
      },
    },
  };
}

/** Alarms of a service. A delivery watches one while it bakes if the contract names it in `alarms`. */
function alarms({ family }: ServiceAgreement): Resources {
  const balancer = { Name: 'LoadBalancer', Value: ref('LoadBalancerName') };
  const group = { Name: 'TargetGroup', Value: att('TargetGroup', 'TargetGroupFullName') };
  const alarm = (called: string, metric: string, statistic: string, more: number) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${family}-${called}`,
      Namespace: 'AWS/ApplicationELB',
      MetricName: metric,
      Dimensions: [balancer, group],
      Statistic: statistic,
      Period: 60,
      EvaluationPeriods: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: more,
      TreatMissingData: 'notBreaching',
    },
  });
  return {
    AlarmUnhealthy: alarm('unhealthy', 'UnHealthyHostCount', 'Maximum', 0),
    AlarmErrors: alarm('5xx', 'HTTPCode_Target_5XX_Count', 'Sum', 10),
  };
}
