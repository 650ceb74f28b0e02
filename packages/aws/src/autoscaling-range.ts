import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ScalingReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** What Application Auto Scaling may do to a service's desired count. */
export function autoscalingRange(session: Pick<Session, 'clientConfig'>, role: Role): ScalingReader {
  const scaling = new ApplicationAutoScalingClient(session.clientConfig(role));
  return {
    range: async (cluster, name) => {
      const request = new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ResourceIds: [`service/${cluster}/${name}`],
        ScalableDimension: 'ecs:service:DesiredCount',
      });
      const answer = await translated(
        'application-autoscaling:DescribeScalableTargets',
        scaling.send(request),
      );
      const [found] = required(answer.ScalableTargets, 'ScalableTargets');
      return (
        found && {
          minimum: required(found.MinCapacity, 'ScalableTargets[0].MinCapacity'),
          maximum: required(found.MaxCapacity, 'ScalableTargets[0].MaxCapacity'),
        }
      );
    },
  };
}
