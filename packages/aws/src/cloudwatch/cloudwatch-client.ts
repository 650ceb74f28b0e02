import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const cloudwatchClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./cloudwatch-sdk.ts'),
    (sdk) => sdk.CloudWatchClient,
    config,
  );
