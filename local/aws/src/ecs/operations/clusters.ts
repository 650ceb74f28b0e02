import type {
  Cluster,
  ClusterField,
  ClusterSetting,
  CreateClusterCommandInput,
  CreateClusterCommandOutput,
  DeleteClusterCommandInput,
  DeleteClusterCommandOutput,
  DescribeClustersCommandInput,
  DescribeClustersCommandOutput,
  KeyValuePair,
  ListClustersCommandInput,
  ListClustersCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { oneOffStore } from '../one-off/state.ts';
import { type ClusterRecord, ecsArn, providersOf } from '../store.ts';
import { addTags, tagsOf } from '../tags.ts';
import { pending, running } from '../task-counts.ts';
import type { TaskRun } from '../task-state.ts';
import { clusterOf, findCluster, storeOf } from './find.ts';
import { page } from './page.ts';

export function describeClusters(
  { clusters = ['default'], include }: DescribeClustersCommandInput,
  call: Call,
): Output<DescribeClustersCommandOutput> {
  const found = clusters.map((reference) => ({ reference, cluster: findCluster(call, reference) }));
  return {
    clusters: found.flatMap(({ cluster }) => {
      if (!cluster) return [];
      return described(cluster, call, new Set(include));
    }),
    failures: found
      .filter(({ cluster }) => !cluster)
      .map(({ reference }) => ({
        arn: reference.startsWith('arn:')
          ? reference
          : ecsArn(call.account, call.region, `cluster/${reference}`),
        reason: 'MISSING',
      })),
  };
}

export function listClusters(input: ListClustersCommandInput, call: Call): Output<ListClustersCommandOutput> {
  const arns = Object.values(storeOf(call).clusters).map(({ arn }) => arn);
  const { items, next } = page(arns.sort(), input);
  return { clusterArns: items, ...next };
}

/** Tags, settings and statistics are told where they are asked for ("DescribeClusters"). */
function described(cluster: ClusterRecord, call: Call, include: ReadonlySet<ClusterField>): Cluster {
  const store = storeOf(call);
  const services = Object.values(store.services).filter((service) => service.cluster === cluster.name);
  const oneOffs = Object.values(oneOffStore(call.world, call.account, call.region).tasks);
  const tasks = [
    ...services.flatMap((service) => service.tasks),
    ...oneOffs.filter((task) => task.cluster === cluster.name),
  ];
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: running(tasks),
    pendingTasksCount: pending(tasks),
    activeServicesCount: services.length,
    statistics: include.has('STATISTICS') ? statisticsOf(tasks, services.length) : [],
    tags: include.has('TAGS') ? tagsOf(store, cluster.arn) : [],
    settings: include.has('SETTINGS') ? (cluster.settings ?? INSIGHTS_OFF) : [],
    capacityProviders: [...providersOf(cluster)],
    defaultCapacityProviderStrategy: [...(cluster.defaultStrategy ?? [])],
  };
}

const INSIGHTS_OFF: ClusterSetting[] = [{ name: 'containerInsights', value: 'disabled' }];

/** All of them run on Fargate. */
function statisticsOf(tasks: readonly TaskRun[], services: number): KeyValuePair[] {
  const counts = {
    runningEC2TasksCount: 0,
    runningFargateTasksCount: running(tasks),
    pendingEC2TasksCount: 0,
    pendingFargateTasksCount: pending(tasks),
    activeEC2ServiceCount: 0,
    activeFargateServiceCount: services,
    drainingEC2ServiceCount: 0,
    drainingFargateServiceCount: 0,
  };
  return Object.entries(counts).map(([name, value]) => ({ name, value: String(value) }));
}

/** One that exists is answered as it is ("CreateCluster"). Its tasks go into the subnets that their services name. */
export function createCluster(
  {
    clusterName = 'default',
    tags = [],
    settings,
    capacityProviders = [],
    defaultCapacityProviderStrategy: defaultStrategy = [],
    ...others
  }: CreateClusterCommandInput,
  call: Call,
): Output<CreateClusterCommandOutput> {
  const unsupported = Object.keys(others);
  if (unsupported.length > 0)
    throw new AwsError('InvalidParameterException', `local-aws does not support: ${unsupported.join(', ')}.`);
  const store = storeOf(call);
  const arn = ecsArn(call.account, call.region, `cluster/${clusterName}`);
  store.clusters[clusterName] ??= {
    arn,
    name: clusterName,
    subnets: [],
    capacityProviders,
    defaultStrategy: defaultStrategy.map((one) => ({ weight: 0, base: 0, ...one })),
    ...(settings && { settings }),
  };
  addTags(store, arn, tags);
  call.world.touched();
  return { cluster: described(store.clusters[clusterName], call, new Set(['TAGS', 'SETTINGS'])) };
}

export function deleteCluster(
  { cluster: reference }: DeleteClusterCommandInput,
  call: Call,
): Output<DeleteClusterCommandOutput> {
  const cluster = clusterOf(call, reference);
  const store = storeOf(call);
  if (Object.values(store.services).some((service) => service.cluster === cluster.name))
    throw new AwsError(
      'ClusterContainsServicesException',
      'The Cluster cannot be deleted while Services are active.',
    );
  const oneOffs = Object.values(oneOffStore(call.world, call.account, call.region).tasks);
  if (oneOffs.some((task) => task.cluster === cluster.name && task.lastStatus !== 'STOPPED'))
    throw new AwsError(
      'ClusterContainsTasksException',
      'The Cluster cannot be deleted while Tasks are active.',
    );
  delete store.clusters[cluster.name];
  delete store.tags[cluster.arn];
  call.world.touched();
  return { cluster: { ...described(cluster, call, new Set()), status: 'INACTIVE' } };
}
