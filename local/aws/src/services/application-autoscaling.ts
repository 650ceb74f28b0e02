import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsCommandOutput,
  DescribeScalingActivitiesCommandInput,
  DescribeScalingActivitiesCommandOutput,
} from '@aws-sdk/client-application-auto-scaling';
import type { Rule } from '../rules/rule.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Output } from './output.ts';

const LONGEST_PAGE = 50;
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

/** A change of a service's desired count that autoscaling made. */
export interface ScalingActivity {
  readonly id: string;
  /** `service/<cluster>/<service>` */
  readonly resourceId: string;
  readonly desired: number;
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const scalingRules: readonly Rule[] = [
  {
    operations: ['DescribeScalingActivities', 'DescribeScalableTargets'],
    page: 'DescribeScalingActivities - Application Auto Scaling',
    says: 'Who names a scalable dimension names a resource too, and a dimension is one of its namespace.',
    code: 'ValidationException',
    *mistakes(input: DescribeScalingActivitiesCommandInput & DescribeScalableTargetsCommandInput) {
      const { ServiceNamespace = '', ScalableDimension: dimension, ResourceId, ResourceIds = [] } = input;
      if (dimension === undefined) return;
      if (ResourceId === undefined && ResourceIds.length === 0)
        yield 'If you specify a scalable dimension, you must also specify a resource ID.';
      if (!dimension.startsWith(`${ServiceNamespace}:`))
        yield `Unsupported service namespace, resource type or scalable dimension: ${ServiceNamespace}, ${dimension}`;
    },
    shownBy: [
      { ServiceNamespace: 'ecs', ScalableDimension: DIMENSION },
      { ServiceNamespace: 'rds', ResourceId: 'service/a/b', ScalableDimension: DIMENSION },
    ],
  },
  {
    operations: ['DescribeScalingActivities', 'DescribeScalableTargets'],
    page: 'DescribeScalableTargets - Application Auto Scaling',
    says: 'A page has 1 to 50 items, and 50 resources are asked for at most.',
    code: 'ValidationException',
    *mistakes({ MaxResults = LONGEST_PAGE, ResourceIds = [] }: DescribeScalableTargetsCommandInput) {
      if (MaxResults < 1 || MaxResults > LONGEST_PAGE)
        yield `Invalid MaxResults: ${MaxResults}. It must be 1 to 50.`;
      if (ResourceIds.length > 50) yield 'The maximum number of resource IDs is 50.';
    },
    shownBy: [
      { MaxResults: 0 },
      { MaxResults: 51 },
      { ResourceIds: Array.from({ length: 51 }, (_, i) => `service/acme/s${i}`) },
    ],
  },
];

/** Application Auto Scaling as far as the agreed capacity of a service, and what was done about it, can be read. */
export const applicationAutoscaling: Service = {
  name: 'application-autoscaling',
  sdk: '@aws-sdk/client-application-auto-scaling',
  operations: {
    DescribeScalableTargets: describeScalableTargets,
    DescribeScalingActivities: describeScalingActivities,
  },
  rules: scalingRules,
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

/** Newest first. */
export function scalingActivitiesOf(world: World, account: string, region: string): ScalingActivity[] {
  return world.state('scaling-activities', account, region, () => ({ all: [] as ScalingActivity[] })).all;
}

function describeScalableTargets(
  input: DescribeScalableTargetsCommandInput,
  { world, account, region }: Call,
): Output<DescribeScalableTargetsCommandOutput> {
  const { ServiceNamespace, ResourceIds, ScalableDimension } = input;
  refuseOthers(ServiceNamespace);
  const all = Object.values(scalableTargetsOf(world, account, region));
  const fitting = ScalableDimension === undefined || ScalableDimension === DIMENSION ? all : [];
  const found = fitting.filter(({ resourceId }) => !ResourceIds?.length || ResourceIds.includes(resourceId));
  const { items, next } = page(found, input);
  return {
    ScalableTargets: items.map((target) => ({
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
    ...next,
  };
}

function describeScalingActivities(
  input: DescribeScalingActivitiesCommandInput,
  { world, account, region }: Call,
): Output<DescribeScalingActivitiesCommandOutput> {
  const { ServiceNamespace, ResourceId, ScalableDimension } = input;
  refuseOthers(ServiceNamespace);
  const all = scalingActivitiesOf(world, account, region);
  const fitting = ScalableDimension === undefined || ScalableDimension === DIMENSION ? all : [];
  const found = fitting.filter(({ resourceId }) => ResourceId === undefined || resourceId === ResourceId);
  const { items, next } = page(found, input);
  return {
    ScalingActivities: items.map(({ id, resourceId, desired, cause, at }) => ({
      ActivityId: id,
      ServiceNamespace: 'ecs',
      ResourceId: resourceId,
      ScalableDimension: DIMENSION,
      Description: `Setting desired count to ${desired}.`,
      Cause: cause,
      StartTime: new Date(at),
      EndTime: new Date(at),
      StatusCode: 'Successful',
      StatusMessage: `Successfully set desired count to ${desired}. Change successfully fulfilled by ecs.`,
    })),
    ...next,
  };
}

function refuseOthers(namespace: string | undefined): void {
  if (namespace === 'ecs') return;
  const message = `local-aws has scalable targets of ecs alone, not of ${namespace}.`;
  throw new AwsError('NotImplemented', message, 501);
}

function page<T>(
  found: readonly T[],
  {
    MaxResults,
    NextToken,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const { items, next } = pageOf(found, {
    token: NextToken,
    size: MaxResults ?? LONGEST_PAGE,
    refused: () => new AwsError('InvalidNextTokenException', 'Unrecognized next token'),
  });
  return { items, next: next === undefined ? {} : { NextToken: next } };
}
