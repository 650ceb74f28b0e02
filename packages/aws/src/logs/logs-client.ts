import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const logsClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./logs-sdk.ts'),
    (sdk) => sdk.CloudWatchLogsClient,
    config,
  );
