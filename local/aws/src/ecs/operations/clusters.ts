import type {
  Cluster,
  CreateClusterCommandInput,
  CreateClusterCommandOutput,
  DeleteClusterCommandInput,
  DeleteClusterCommandOutput,
  DescribeClustersCommandInput,
  DescribeClustersCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { pending, running } from '../describe-service.ts';
import { oneOffStore } from '../one-off/state.ts';
import { type ClusterRecord, ecsArn } from '../store.ts';
import { addTags, tagsOf } from '../tags.ts';
import { clusterOf, findCluster, storeOf } from './find.ts';

export function describeClusters(
  { clusters = ['default'], include }: DescribeClustersCommandInput,
  call: Call,
): Output<DescribeClustersCommandOutput> {
  const found = clusters.map((reference) => ({ reference, cluster: findCluster(call, reference) }));
  return {
    clusters: found.flatMap(({ cluster }) => {
      if (!cluster) return [];
      return described(cluster, call, include?.includes('TAGS') ?? false);
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

function described(cluster: ClusterRecord, call: Call, withTags: boolean): Cluster {
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
    statistics: [],
    tags: withTags ? tagsOf(store, cluster.arn) : [],
    settings: cluster.settings ?? [],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  };
}

/** One that exists is answered as it is ("CreateCluster"). Its tasks go into the subnets that their services name. */
export function createCluster(
  { clusterName = 'default', tags = [], settings, ...others }: CreateClusterCommandInput,
  call: Call,
): Output<CreateClusterCommandOutput> {
  const unsupported = Object.keys(others);
  if (unsupported.length > 0)
    throw new AwsError('InvalidParameterException', `local-aws does not support: ${unsupported.join(', ')}.`);
  const store = storeOf(call);
  const arn = ecsArn(call.account, call.region, `cluster/${clusterName}`);
  store.clusters[clusterName] ??= { arn, name: clusterName, subnets: [], ...(settings && { settings }) };
  addTags(store, arn, tags);
  call.world.touched();
  return { cluster: described(store.clusters[clusterName], call, true) };
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
  return { cluster: { ...described(cluster, call, false), status: 'INACTIVE' } };
}
