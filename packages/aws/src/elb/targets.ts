import type { TargetAttributeReader, TargetReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { integerIn, requiredText } from '../by-hand/query-answer.ts';
import { childOf, textOf } from '../by-hand/signed-call.ts';
import { required } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { balancersOf, elbv2, identityOf } from './elbv2.ts';

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
      const matcher = childOf(found, 'Matcher');
      return {
        arn: requiredText(found, 'TargetGroups[0]', 'TargetGroupArn'),
        name: requiredText(found, 'TargetGroups[0]', 'TargetGroupName'),
        loadBalancers: balancersOf(found),
        healthCheck: {
          path: textOf(found, 'HealthCheckPath'),
          port: textOf(found, 'HealthCheckPort'),
          matcher: textOf(matcher, 'HttpCode') ?? textOf(matcher, 'GrpcCode'),
          timeoutSeconds: integerIn(found, 'HealthCheckTimeoutSeconds'),
        },
      };
    },
    targets: async (group) => {
      const described = await elb.targetHealth(group);
      return described.map((each) => {
        const of = 'TargetHealthDescriptions[]';
        const target = required(childOf(each, 'Target'), `${of}.Target`);
        const health = required(childOf(each, 'TargetHealth'), `${of}.TargetHealth`);
        return {
          address: requiredText(target, `${of}.Target`, 'Id'),
          port: integerIn(target, 'Port'),
          state: requiredText(health, `${of}.TargetHealth`, 'State'),
          reason: textOf(health, 'Reason'),
          description: textOf(health, 'Description'),
          override: overrideOf(textOf(childOf(each, 'AdministrativeOverride'), 'State')),
          anomaly: textOf(childOf(each, 'AnomalyDetection'), 'Result'),
        };
      });
    },
    slowStartSeconds: async (group) => {
      const attributes = await elb.targetGroupAttributes(group);
      const found = attributes.find((each) => textOf(each, 'Key') === 'slow_start.duration_seconds');
      if (found === undefined) return 0; // groups of Network Load Balancers have no such attribute
      return required(integerIn(found, 'Value'), 'the value of slow_start.duration_seconds');
    },
  };
}

/** ELB says `no_override` where nothing is overridden. */
function overrideOf(state: string | undefined): string | undefined {
  return state === 'no_override' || state === 'unknown' ? undefined : state;
}
