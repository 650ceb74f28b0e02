import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetAttributeReader, TargetReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { required } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { Session } from '../session/session.ts';
import { elbv2, identityOf } from './elbv2.ts';

/** Balancers, target groups and their targets, read only. */
export function elbv2Targets(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): TargetReader & TargetAttributeReader {
  const elb = elbv2(session.clientConfig(role));
  return {
    loadBalancer: async (arnOrName) => {
      const found = await elb.loadBalancer(arnOrName);
      return found === undefined ? undefined : identityOf(found);
    },
    targetGroup: async (arnOrName) => {
      const found = await elb.targetGroup(arnOrName);
      if (found === undefined) return undefined;
      return {
        arn: required(found.TargetGroupArn, 'TargetGroups[0].TargetGroupArn'),
        name: required(found.TargetGroupName, 'TargetGroups[0].TargetGroupName'),
        loadBalancers: found.LoadBalancerArns ?? [], // AWS may leave it out for a group without a balancer
        healthCheck: {
          path: found.HealthCheckPath,
          port: found.HealthCheckPort,
          matcher: found.Matcher?.HttpCode ?? found.Matcher?.GrpcCode,
          timeoutSeconds: found.HealthCheckTimeoutSeconds,
        },
      };
    },
    targets: async (group) => (await elb.targetHealth(group)).map(targetOf),
    slowStartSeconds: async (group) => {
      const attributes = await elb.targetGroupAttributes(group);
      const found = attributes.find(({ Key }) => Key === 'slow_start.duration_seconds');
      if (found === undefined) return 0; // groups of Network Load Balancers have no such attribute
      const seconds = /^\d{1,15}$/.test(found.Value ?? '') ? Number(found.Value) : undefined;
      return required(seconds, 'the value of slow_start.duration_seconds');
    },
  };
}

function targetOf(described: TargetHealthDescription) {
  const { Target, TargetHealth, AdministrativeOverride, AnomalyDetection } = described;
  return {
    address: required(Target?.Id || undefined, 'TargetHealthDescriptions[].Target.Id'),
    port: portOf(Target?.Port),
    state: required(TargetHealth?.State || undefined, 'TargetHealthDescriptions[].TargetHealth.State'),
    reason: TargetHealth?.Reason,
    description: TargetHealth?.Description,
    override: overrideOf(AdministrativeOverride?.State),
    anomaly: AnomalyDetection?.Result,
  };
}

/** The SDK reads text that is not a number as NaN. */
function portOf(port: number | undefined): number | undefined {
  if (Number.isNaN(port)) throw failures.awsEmptyReply('TargetHealthDescriptions[].Target.Port as a number');
  return port;
}

/** ELB says `no_override` where nothing is overridden. */
function overrideOf(state: string | undefined): string | undefined {
  return state === 'no_override' || state === 'unknown' ? undefined : state;
}
