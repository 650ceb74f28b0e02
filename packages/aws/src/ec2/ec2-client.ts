import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const ec2Client = (config: ClientConfig) =>
  lazyClient(
    () => import('./ec2-sdk.ts'),
    (sdk) => sdk.EC2Client,
    config,
  );
