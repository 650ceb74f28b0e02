import type { DescribeRegistryResponse } from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import { replicationOf } from '../replication.ts';

/** How the registry as a whole is set up: where its images are copied to. */
export function describeRegistry(_: object, { world, account, region }: Call): DescribeRegistryResponse {
  const { regions, prefixes } = replicationOf(world, account, region);
  const rule = {
    destinations: regions.map((to) => ({ region: to, registryId: account })),
    ...(prefixes && {
      repositoryFilters: prefixes.map((filter) => ({ filter, filterType: 'PREFIX_MATCH' as const })),
    }),
  };
  return { registryId: account, replicationConfiguration: { rules: regions.length > 0 ? [rule] : [] } };
}
