import type { ScalingReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import { lazyClient } from '../session/lazy-client.ts';
import type { Session } from '../session/session.ts';

/** What Application Auto Scaling may do to a service's desired count. */
export function autoscalingRange(session: Pick<Session, 'clientConfig'>, role: Role): ScalingReader {
  const autoscaling = lazyClient(
    () => import('./autoscaling-sdk.ts'),
    (sdk) => sdk.ApplicationAutoScalingClient,
    session.clientConfig(role),
  );
  return {
    range: async (cluster, name) => {
      const answer = await translated(
        'application-autoscaling:DescribeScalableTargets',
        autoscaling.send(
          (sdk) =>
            new sdk.DescribeScalableTargetsCommand({
              ServiceNamespace: 'ecs',
              ResourceIds: [`service/${cluster}/${name}`],
              ScalableDimension: 'ecs:service:DesiredCount',
            }),
        ),
      );
      const [found] = required(answer.ScalableTargets, 'ScalableTargets');
      if (found === undefined) return undefined;
      return {
        minimum: required(found.MinCapacity, 'ScalableTargets[0].MinCapacity'),
        maximum: required(found.MaxCapacity, 'ScalableTargets[0].MaxCapacity'),
      };
    },
  };
}
