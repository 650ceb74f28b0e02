import { randomUUID } from 'node:crypto';
import { engineOf } from '../../ecs/engine.ts';
import { ecsStore } from '../../ecs/store.ts';
import { scalableTargetsOf, scalingActivitiesOf } from '../../services/application-autoscaling.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { numberOf, text } from './values.ts';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const NAMESPACE = 'ecs';
const DIMENSION = 'ecs:service:DesiredCount';

const scalableTarget: ResourceType = {
  type: TARGET,
  create: (world, made) => {
    const resourceId = text(made.properties, 'ResourceId') ?? '';
    register(world, made, resourceId);
    return `${resourceId}|${DIMENSION}|${NAMESPACE}`;
  },
  update: (world, id, made) => register(world, made, resourceOf(id)),
  remove: (world, id, made) => {
    ask(made, 'DeregisterScalableTarget', resourceOf(id));
    const targets = scalableTargetsOf(world, made.account, made.region);
    if (!targets[resourceOf(id)])
      throw new AwsError('ObjectNotFoundException', `No scalable target found for ${resourceOf(id)}`);
    delete targets[resourceOf(id)];
    forget(world, made, TARGET, id);
  },
  read: (world, id, made) => {
    const found = scalableTargetsOf(world, made.account, made.region)[resourceOf(id)];
    return (
      found && {
        ...describedOf(world, made, TARGET)[id],
        ServiceNamespace: NAMESPACE,
        ScalableDimension: DIMENSION,
        ResourceId: found.resourceId,
        MinCapacity: found.minimum,
        MaxCapacity: found.maximum,
      }
    );
  },
  attributes: (_world, id) => ({ Id: id }),
};

const resourceOf = (id: string) => id.split('|')[0] ?? '';

function register(world: World, made: Making, resourceId: string): void {
  const { account, region, partition, properties } = made;
  if (properties['ServiceNamespace'] !== NAMESPACE || properties['ScalableDimension'] !== DIMENSION)
    throw new AwsError('NotImplemented', 'local-aws scales the number of tasks of ECS services alone.', 501);
  ask(made, 'RegisterScalableTarget', resourceId);
  const minimum = numberOf(properties, 'MinCapacity') ?? 0;
  const maximum = numberOf(properties, 'MaxCapacity') ?? 0;
  if (minimum > maximum)
    throw new AwsError('ValidationException', 'Maximum capacity cannot be less than minimum capacity');
  const service = ecsStore(world, account, region).services[resourceId.replace(/^service\//, '')];
  if (!service) throw new AwsError('ValidationException', `ECS service doesn't exist: ${resourceId}`);
  const targets = scalableTargetsOf(world, account, region);
  targets[resourceId] = {
    resourceId,
    minimum,
    maximum,
    roleArn:
      text(properties, 'RoleARN') ??
      `arn:${partition}:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    created: targets[resourceId]?.created ?? world.clock.now(),
  };
  describe(world, made, TARGET, `${resourceId}|${DIMENSION}|${NAMESPACE}`, properties);
  bringIntoRange(world, made, resourceId);
}

/** A count outside the range is brought to its nearer end ("RegisterScalableTarget", Application Auto Scaling API reference). */
function bringIntoRange(world: World, { account, region }: Making, resourceId: string): void {
  const name = resourceId.replace(/^service\//, '');
  const service = ecsStore(world, account, region).services[name];
  const target = scalableTargetsOf(world, account, region)[resourceId];
  if (!service || !target) return;
  const { desiredCount } = service.settings;
  const desired = Math.min(target.maximum, Math.max(target.minimum, desiredCount));
  if (desired === desiredCount) return;
  const cause = desired > desiredCount ? 'minimum capacity was set to' : 'maximum capacity was set to';
  scalingActivitiesOf(world, account, region).unshift({
    id: randomUUID(),
    resourceId,
    desired,
    cause: `${cause} ${desired}`,
    at: world.clock.now(),
  });
  const settings = { ...service.settings, desiredCount: desired };
  engineOf(world).happen({ account, region, name }, { kind: 'updated', settings, deploy: false });
}

const scalingPolicy: ResourceType = {
  type: POLICY,
  create: (world, made) => {
    const { account, region, partition, properties } = made;
    const resourceId = scaledBy(made);
    const name = text(properties, 'PolicyName') ?? '';
    ask(made, 'PutScalingPolicy', resourceId);
    if (!scalableTargetsOf(world, account, region)[resourceId])
      throw new AwsError('ObjectNotFoundException', `No scalable target registered for ${resourceId}`);
    const arn = `arn:${partition}:autoscaling:${region}:${account}:scalingPolicy:${randomUUID()}:resource/${NAMESPACE}/${resourceId}:policyName/${name}`;
    describe(world, made, POLICY, arn, properties);
    return arn;
  },
  update: (world, id, made) => {
    ask(made, 'PutScalingPolicy', scaledBy(made));
    describe(world, made, POLICY, id, made.properties);
  },
  remove: (world, id, made) => {
    ask(made, 'DeleteScalingPolicy', scaledBy(made));
    forget(world, made, POLICY, id);
  },
  // deregistering a target takes its policies with it
  read: (world, id, made) => {
    const there = scalableTargetsOf(world, made.account, made.region)[scaledBy(made)];
    return there && describedOf(world, made, POLICY)[id];
  },
  attributes: (_world, id) => ({ Arn: id }),
};

function scaledBy({ properties }: Making): string {
  return resourceOf(text(properties, 'ScalingTargetId') ?? text(properties, 'ResourceId') ?? '');
}

function ask({ ask: asks, account, region, partition }: Making, action: string, resourceId: string): void {
  asks({
    action: `application-autoscaling:${action}`,
    resource: `arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/${resourceId}`,
    context: {
      'application-autoscaling:scalable-dimension': DIMENSION,
      'application-autoscaling:service-namespace': NAMESPACE,
    },
    resourceTags: {},
  });
}

export const scalingTypes: readonly ResourceType[] = [scalableTarget, scalingPolicy];
