import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const ecrClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./ecr-sdk.ts'),
    (sdk) => sdk.ECRClient,
    config,
  );

export type Ecr = ReturnType<typeof ecrClient>;
