import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const backupClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./backup-sdk.ts'),
    (sdk) => sdk.BackupClient,
    config,
  );
