import type {
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  ListServicesCommandInput,
  ListServicesCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { describeService } from '../describe-service.ts';
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
  const found = names.map((name) => ({ name, service: findService(call, cluster, name)?.state }));
  return {
    services: found.flatMap(({ service }) => {
      if (!service) return [];
      const tags = include?.includes('TAGS') ? { tags: tagsOf(storeOf(call), service.arn) } : {};
      return { ...describeService(service), ...tags };
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

/** The services of a cluster, ten at once by default. */
export function listServices(input: ListServicesCommandInput, call: Call): Output<ListServicesCommandOutput> {
  const cluster = clusterOf(call, input.cluster);
  const { maxResults = 10, launchType = 'FARGATE', schedulingStrategy = 'REPLICA' } = input;
  const mine = Object.values(storeOf(call).services).filter((one) => one.cluster === cluster.name);
  const fitting = launchType === 'FARGATE' && schedulingStrategy === 'REPLICA' ? mine : [];
  const { items, next } = page(
    fitting.map(({ arn }) => arn),
    { ...input, maxResults },
  );
  return { serviceArns: items, ...next };
}
