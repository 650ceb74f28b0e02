import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetAttributeReader, TargetReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** Balancers, target groups and their targets, read only. */
export function elbv2Targets(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): TargetReader & TargetAttributeReader {
  const elb = new ElasticLoadBalancingV2Client(session.clientConfig(role));
  return {
    loadBalancer: async (arnOrName) => {
      const which = arnOrName.startsWith('arn:') ? { LoadBalancerArns: [arnOrName] } : { Names: [arnOrName] };
      const answer = await translated(
        'elasticloadbalancing:DescribeLoadBalancers',
        elb.send(new DescribeLoadBalancersCommand(which)),
        ['LoadBalancerNotFoundException', 'LoadBalancerNotFound'],
      );
      if (typeof answer === 'string') return undefined;
      const found = required(answer.LoadBalancers?.[0], `the load balancer ${arnOrName}`);
      return {
        arn: required(found.LoadBalancerArn, 'LoadBalancers[0].LoadBalancerArn'),
        name: required(found.LoadBalancerName, 'LoadBalancers[0].LoadBalancerName'),
        scheme: required(found.Scheme, 'LoadBalancers[0].Scheme'),
      };
    },
    targetGroup: async (arnOrName) => {
      const which = arnOrName.startsWith('arn:') ? { TargetGroupArns: [arnOrName] } : { Names: [arnOrName] };
      const answer = await translated(
        'elasticloadbalancing:DescribeTargetGroups',
        elb.send(new DescribeTargetGroupsCommand(which)),
        ['TargetGroupNotFoundException', 'TargetGroupNotFound'],
      );
      if (typeof answer === 'string') return undefined;
      const found = required(answer.TargetGroups?.[0], `the target group ${arnOrName}`);
      return {
        arn: required(found.TargetGroupArn, 'TargetGroups[0].TargetGroupArn'),
        name: required(found.TargetGroupName, 'TargetGroups[0].TargetGroupName'),
        loadBalancers: found.LoadBalancerArns ?? [],
        healthCheck: {
          path: found.HealthCheckPath,
          port: found.HealthCheckPort,
          matcher: found.Matcher?.HttpCode ?? found.Matcher?.GrpcCode,
          timeoutSeconds: found.HealthCheckTimeoutSeconds,
        },
      };
    },
    targets: async (group) => {
      const answer = await translated(
        'elasticloadbalancing:DescribeTargetHealth',
        elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group, Include: ['All'] })), // anomalies are told on request
      );
      return required(answer.TargetHealthDescriptions, 'TargetHealthDescriptions').map((described) => {
        const target = required(described.Target, 'TargetHealthDescriptions[].Target');
        const health = required(described.TargetHealth, 'TargetHealthDescriptions[].TargetHealth');
        return {
          address: required(target.Id, 'TargetHealthDescriptions[].Target.Id'),
          port: target.Port,
          state: required(health.State, 'TargetHealthDescriptions[].TargetHealth.State'),
          reason: health.Reason,
          description: health.Description,
          override: overrideOf(described.AdministrativeOverride?.State),
          anomaly: described.AnomalyDetection?.Result,
        };
      });
    },
    slowStartSeconds: async (group) => {
      const answer = await translated(
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group })),
      );
      const found = required(answer.Attributes, 'Attributes').find(
        ({ Key }) => Key === 'slow_start.duration_seconds',
      );
      return Number(found?.Value ?? 0); // groups of Network Load Balancers have no such attribute
    },
  };
}

/** ELB says `no_override` where nothing is overridden. */
function overrideOf(state: string | undefined): string | undefined {
  return state === 'no_override' || state === 'unknown' ? undefined : state;
}
