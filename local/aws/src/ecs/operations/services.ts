import type {
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  ListServicesCommandInput,
  ListServicesCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { deletedServices, inactiveService } from '../deleted-services.ts';
import { describeService } from '../describe-service.ts';
import type { ServiceState } from '../state.ts';
import { ecsArn } from '../store.ts';
import { tagsOf } from '../tags.ts';
import { clusterOf, findService, storeOf } from './find.ts';
import { page } from './page.ts';

export function describeServices(
  { cluster: reference, services, include }: DescribeServicesCommandInput,
  call: Call,
): Output<DescribeServicesCommandOutput> {
  const names = services ?? [];
  const cluster = clusterOf(call, reference);
  const found = names.map((name) => ({
    name,
    service: findService(call, cluster, name)?.state ?? inactiveService(call, cluster.name, name),
  }));
  return {
    services: found.flatMap(({ service }) => {
      if (!service) return [];
      const tags = include?.includes('TAGS') ? { tags: tagsOf(storeOf(call), service.arn) } : {};
      return { ...describeService(service), status: statusOf(call, service), ...tags };
    }),
    failures: found
      .filter(({ service }) => !service)
      .map(({ name }) => ({
        arn: name.startsWith('arn:')
          ? name
          : ecsArn(call.account, call.region, `service/${cluster.name}/${name}`),
        reason: 'MISSING',
      })),
  };
}

function statusOf(call: Call, { cluster, name, arn }: ServiceState): 'ACTIVE' | 'DRAINING' | 'INACTIVE' {
  const { draining, inactive } = deletedServices(call);
  if (draining[`${cluster}/${name}`]) return 'DRAINING';
  return inactive[`${cluster}/${name}`]?.arn === arn ? 'INACTIVE' : 'ACTIVE';
}

/** The services of a cluster that are not deleted, ten at once by default. */
export function listServices(input: ListServicesCommandInput, call: Call): Output<ListServicesCommandOutput> {
  const cluster = clusterOf(call, input.cluster);
  const { maxResults = 10, launchType = 'FARGATE', schedulingStrategy = 'REPLICA' } = input;
  const { draining } = deletedServices(call);
  const mine = Object.values(storeOf(call).services).filter(
    (one) => one.cluster === cluster.name && !draining[`${cluster.name}/${one.name}`],
  );
  const fitting = launchType === 'FARGATE' && schedulingStrategy === 'REPLICA' ? mine : [];
  const { items, next } = page(
    fitting.map(({ arn }) => arn),
    { ...input, maxResults },
  );
  return { serviceArns: items, ...next };
}
