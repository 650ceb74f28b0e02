import type { CreateServiceCommandOutput, RegisterTaskDefinitionCommandOutput } from '@aws-sdk/client-ecs';
import type { ServiceState } from '../../ecs/state.ts';
import { type ClusterRecord, ecsStore, findTaskDefinition } from '../../ecs/store.ts';
import { ecs } from '../../services/ecs.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { tagList, tagsIn } from './tags.ts';
import { structure, text } from './values.ts';

const CLUSTER = 'AWS::ECS::Cluster';
const DEFINITION = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';

const cluster: ResourceType = {
  type: CLUSTER,
  create: async (world, made) => {
    const name = text(made.properties, 'ClusterName') ?? made.newName(255);
    if (clusterNamed(world, made, name))
      // ECS answers the one that is there; CloudFormation does not take it for its own
      throw new AwsError('ClusterAlreadyExists', `${CLUSTER} ${name} already exists`);
    const { ClusterSettings: settings, ...rest } = made.properties;
    await made.perform(
      ecs,
      'CreateCluster',
      camel({ ...rest, ...(settings !== undefined && { Settings: settings }), ClusterName: name }),
    );
    describe(world, made, CLUSTER, name, made.properties);
    return name;
  },
  update: (world, id, made, before) => {
    const known = clusterNamed(world, made, id);
    const names = changedNames(before, made.properties);
    const others = names.filter((name) => name !== 'Tags' && name !== 'ClusterSettings');
    if (others.length > 0)
      throw new AwsError(
        'NotImplemented',
        `local-aws does not change ${others.join(', ')} of a cluster.`,
        501,
      );
    if (!known) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    if (names.includes('ClusterSettings')) {
      made.ask({ action: 'ecs:UpdateCluster', resource: known.arn, resourceTags: tagsIn(before) ?? {} });
      const settings = Object.values(camel({ of: made.properties['ClusterSettings'] ?? [] }))[0];
      ecsStore(world, made.account, made.region).clusters[id] = { ...known, settings };
    }
    retag(world, made, known.arn, before);
    describe(world, made, CLUSTER, id, made.properties);
  },
  remove: async (world, id, made) => {
    await made.perform(ecs, 'DeleteCluster', { cluster: id });
    forget(world, made, CLUSTER, id);
  },
  read: (world, id, made) => {
    const known = clusterNamed(world, made, id);
    const tags = ecsStore(world, made.account, made.region).tags[known?.arn ?? ''];
    return (
      known && {
        ...describedOf(world, made, CLUSTER)[id],
        ClusterName: id,
        ...(tags && { Tags: tagList(tags) }),
      }
    );
  },
  attributes: (world, id, made) => ({ Arn: clusterNamed(world, made, id)?.arn }),
};

const clusterNamed = (world: World, { account, region }: Making, name: string): ClusterRecord | undefined =>
  ecsStore(world, account, region).clusters[name];

const taskDefinition: ResourceType = {
  type: DEFINITION,
  create: async (world, made) => {
    const Family = text(made.properties, 'Family') ?? made.newName(255);
    const { taskDefinition: told } = await made.perform<RegisterTaskDefinitionCommandOutput>(
      ecs,
      'RegisterTaskDefinition',
      camel({ ...made.properties, Family }),
    );
    const arn = told?.taskDefinitionArn ?? '';
    describe(world, made, DEFINITION, arn, made.properties);
    return arn;
  },
  update: (world, id, made) => describe(world, made, DEFINITION, id, made.properties), // tags, which count for nothing here
  remove: async (world, id, made) => {
    await made.perform(ecs, 'DeregisterTaskDefinition', { taskDefinition: id });
    forget(world, made, DEFINITION, id);
  },
  // a revision never changes
  read: (world, id, made) => {
    const known = findTaskDefinition(ecsStore(world, made.account, made.region), id);
    return known?.status === 'ACTIVE' ? describedOf(world, made, DEFINITION)[id] : undefined;
  },
  attributes: (_world, id) => ({ TaskDefinitionArn: id }),
};

const service: ResourceType = {
  type: SERVICE,
  create: async (world, made) => {
    const ServiceName = text(made.properties, 'ServiceName') ?? made.newName(255);
    const given = camel({ DesiredCount: 1, ...made.properties, ServiceName });
    const { service: told } = await made.perform<CreateServiceCommandOutput>(ecs, 'CreateService', given);
    const arn = told?.serviceArn ?? '';
    describe(world, made, SERVICE, arn, made.properties);
    return arn;
  },
  /** Only what the template changed is sent: what others own, such as a delivery's task definition, stays. */
  update: async (world, id, made, before) => {
    const changed = changedNames(before, made.properties).filter((name) => name !== 'Tags');
    const said = Object.fromEntries(changed.map((name) => [name, made.properties[name]]));
    retag(world, made, id, before);
    await made.perform(ecs, 'UpdateService', {
      ...camel(said),
      service: id,
      cluster: text(made.properties, 'Cluster'),
    });
    describe(world, made, SERVICE, id, made.properties);
  },
  remove: async (world, id, made) => {
    await made.perform(ecs, 'DeleteService', {
      service: id,
      cluster: text(made.properties, 'Cluster'),
      force: true,
    });
    forget(world, made, SERVICE, id);
  },
  removed: (world, id, made) => (serviceAt(world, made, id) ? 'in progress' : true),
  stable: (world, id, made) => {
    const state = serviceAt(world, made, id);
    const [primary] = state?.deployments ?? [];
    if (primary?.rollout === 'FAILED' || state?.history[0]?.status?.startsWith('ROLLBACK'))
      return { failed: `Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.` };
    return primary?.rollout === 'COMPLETED' ? true : 'in progress';
  },
  read: (world, id, made) => {
    const state = serviceAt(world, made, id);
    if (!state) return undefined;
    const tags = ecsStore(world, made.account, made.region).tags[id];
    return {
      Cluster: id.split('/').at(-2),
      LaunchType: 'FARGATE',
      ...describedOf(world, made, SERVICE)[id],
      ...told(state, made),
      ...(tags && { Tags: tagList(tags) }),
    };
  },
  attributes: (_world, id) => ({ ServiceArn: id, Name: id.split('/').at(-1) }),
};

function serviceAt(world: World, { account, region }: Making, arn: string): ServiceState | undefined {
  return Object.values(ecsStore(world, account, region).services).find((one) => one.arn === arn);
}

function told({ name, settings }: ServiceState, { properties }: Making): Properties {
  const { breaker, subnets, securityGroups, assignPublicIp } = settings;
  return {
    ServiceName: name,
    TaskDefinition: settings.taskDefinition,
    DesiredCount: settings.desiredCount,
    HealthCheckGracePeriodSeconds: settings.gracePeriodSeconds,
    EnableExecuteCommand: settings.enableExecuteCommand,
    PropagateTags: settings.propagateTags,
    AvailabilityZoneRebalancing: settings.zoneRebalancing,
    DeploymentConfiguration: {
      ...structure(properties, 'DeploymentConfiguration'),
      DeploymentCircuitBreaker: { Enable: breaker.enable, Rollback: breaker.rollback },
      MinimumHealthyPercent: settings.minimumHealthyPercent,
      MaximumPercent: settings.maximumPercent,
    },
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: assignPublicIp,
        Subnets: subnets.map(({ id }) => id),
        SecurityGroups: securityGroups,
      },
    },
    LoadBalancers: settings.loadBalancers.map(({ targetGroupArn, containerName, containerPort }) => ({
      ContainerName: containerName,
      ContainerPort: containerPort,
      TargetGroupArn: targetGroupArn,
    })),
  };
}

/** Tags as the template has them now; a key that it has no more goes. */
function retag(world: World, made: Making, arn: string, before: Properties): void {
  const [old, tags] = [tagsIn(before) ?? {}, tagsIn(made.properties) ?? {}];
  const store = ecsStore(world, made.account, made.region);
  const gone = Object.keys(old).filter((key) => tags[key] === undefined);
  if (gone.length === 0 && Object.entries(tags).every(([key, value]) => old[key] === value)) return;
  const about = { resource: arn, resourceTags: store.tags[arn] ?? {} };
  made.ask({
    ...about,
    action: 'ecs:TagResource',
    context: { 'ecs:CreateAction': undefined },
    requestTags: tags,
  });
  if (gone.length > 0) made.ask({ ...about, action: 'ecs:UntagResource', context: { 'aws:TagKeys': gone } });
  const kept = Object.entries(store.tags[arn] ?? {}).filter(([key]) => !gone.includes(key));
  store.tags[arn] = { ...Object.fromEntries(kept), ...tags };
  world.touched();
}

/** Maps whose keys are the customer's own. */
const MAPS: ReadonlySet<string> = new Set(['Options', 'DockerLabels', 'DriverOpts', 'Labels']);

/** Properties with the names that ECS's own operations give them: `TaskDefinition` is `taskDefinition`. */
function camel(value: unknown): object {
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, item]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      MAPS.has(name) ? item : renamed(item),
    ]),
  );
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  return typeof value === 'object' && value !== null ? camel(value) : value;
}

export const ecsTypes: readonly ResourceType[] = [cluster, taskDefinition, service];
