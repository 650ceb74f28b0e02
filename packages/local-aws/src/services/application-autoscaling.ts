import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsCommandOutput,
} from '@aws-sdk/client-application-auto-scaling';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Output } from './output.ts';

const DIMENSION = 'ecs:service:DesiredCount';

/** How many tasks a service may have. */
export interface ScalableTarget {
  /** `service/<cluster>/<service>` */
  readonly resourceId: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly roleArn: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** Application Auto Scaling as far as the agreed capacity of a service can be read. It scales nothing. */
export const applicationAutoscaling: Service = {
  name: 'application-autoscaling',
  sdk: '@aws-sdk/client-application-auto-scaling',
  operations: { DescribeScalableTargets: describeScalableTargets },
};

export function scalableTargetsOf(
  world: World,
  account: string,
  region: string,
): Record<string, ScalableTarget> {
  return world.state('application-autoscaling', account, region, () => ({
    targets: {} as Record<string, ScalableTarget>,
  })).targets;
}

function describeScalableTargets(
  input: DescribeScalableTargetsCommandInput,
  { world, account, region }: Call,
): Output<DescribeScalableTargetsCommandOutput> {
  const { ServiceNamespace, ResourceIds, ScalableDimension, MaxResults, NextToken } = input;
  if (ServiceNamespace !== 'ecs') {
    const message = `local-aws has scalable targets of ecs alone, not of ${ServiceNamespace}.`;
    throw new AwsError('ValidationException', message);
  }
  const all = Object.values(scalableTargetsOf(world, account, region));
  const fitting = ScalableDimension === undefined || ScalableDimension === DIMENSION ? all : [];
  const found = fitting.filter(({ resourceId }) => !ResourceIds?.length || ResourceIds.includes(resourceId));
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(start)) throw new AwsError('InvalidNextTokenException', 'Unrecognized next token');
  const end = start + (MaxResults ?? 50);
  return {
    ScalableTargets: found.slice(start, end).map((target) => ({
      ServiceNamespace: 'ecs',
      ResourceId: target.resourceId,
      ScalableDimension: DIMENSION,
      MinCapacity: target.minimum,
      MaxCapacity: target.maximum,
      RoleARN: target.roleArn,
      CreationTime: new Date(target.created),
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    })),
    ...(end < found.length ? { NextToken: String(end) } : {}),
  };
}
