import type { DescribeServicesCommandInput, DescribeServicesCommandOutput } from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { describeService } from '../describe-service.ts';
import { ecsArn } from '../store.ts';
import { tagsOf } from '../tags.ts';
import { atMost, clusterOf, findService, storeOf } from './find.ts';

export function describeServices(
  { cluster: reference, services, include }: DescribeServicesCommandInput,
  call: Call,
): Output<DescribeServicesCommandOutput> {
  const names = atMost(10, services, 'services');
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
