import type { Wanted } from './service.ts';
import { att, join, logicalId, type Resources, ref } from './template.ts';

const METRICS = {
  cpu: 'ECSServiceAverageCPUUtilization',
  memory: 'ECSServiceAverageMemoryUtilization',
  requests: 'ALBRequestCountPerTarget',
} as const;

/** The agreed range, and a policy for each measure that keeps tasks within it. */
export function scaling({
  place: { environment },
  service,
  agreement,
  provision: { scaleOn },
}: Wanted): Resources {
  const policies = (Object.keys(METRICS) as (keyof typeof METRICS)[]) // its own keys
    .filter((measure) => scaleOn[measure] !== undefined)
    .map((measure) => [
      logicalId('scale', 'on', measure),
      {
        Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
        Properties: {
          PolicyName: `${agreement.family}-${measure}`,
          PolicyType: 'TargetTrackingScaling',
          ScalingTargetId: ref('ScalableTarget'),
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: scaleOn[measure],
            PredefinedMetricSpecification: {
              PredefinedMetricType: METRICS[measure],
              ...(measure === 'requests' && {
                ResourceLabel: join('/', [
                  ref('LoadBalancerName'),
                  att('TargetGroup', 'TargetGroupFullName'),
                ]),
              }),
            },
          },
        },
      },
    ]);
  return {
    ScalableTarget: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      DependsOn: 'Service',
      Properties: {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: `service/${environment.cluster}/${service}`,
        MinCapacity: agreement.capacity.base,
        MaxCapacity: agreement.capacity.maximum,
      },
    },
    ...Object.fromEntries(policies),
  };
}
