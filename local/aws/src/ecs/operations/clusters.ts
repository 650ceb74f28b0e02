import type { DescribeClustersCommandInput, DescribeClustersCommandOutput } from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { pending, running } from '../describe-service.ts';
import { oneOffStore } from '../one-off/state.ts';
import { ecsArn } from '../store.ts';
import { tagsOf } from '../tags.ts';
import { findCluster, storeOf } from './find.ts';

export function describeClusters(
  { clusters = ['default'], include }: DescribeClustersCommandInput,
  call: Call,
): Output<DescribeClustersCommandOutput> {
  const store = storeOf(call);
  const found = clusters.map((reference) => ({ reference, cluster: findCluster(call, reference) }));
  return {
    clusters: found.flatMap(({ cluster }) => {
      if (!cluster) return [];
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
        tags: include?.includes('TAGS') ? tagsOf(store, cluster.arn) : [],
        settings: [],
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [],
      };
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
