import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ClientConfig } from '../session/client-config.ts';
import { type LazyClient, lazyClient } from '../session/lazy-client.ts';
import { onlyThrottled } from '../session/retry-strategy.ts';
import { unknownMembers } from './unknown-members.ts';

export type EcsClient = LazyClient<typeof import('./ecs-sdk.ts'), ECSClient>;

export function ecsClient(config: ClientConfig): EcsClient {
  return lazyClient(
    () => import('./ecs-sdk.ts'),
    (sdk) => sdk.ECSClient,
    { ...config, plugins: [...(config.plugins ?? []), unknownMembers] },
  );
}

/** For requests that may take effect once only. A lost answer comes back as an error, to be looked into. */
export function ecsOnce(config: ClientConfig): EcsClient {
  return ecsClient({ ...config, retryStrategy: onlyThrottled(config.retryStrategy) });
}
