import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const elbClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./elb-sdk.ts'),
    (sdk) => sdk.ElasticLoadBalancingV2Client,
    config,
  );
