import type { Inspector2Client } from '@aws-sdk/client-inspector2';
import type { ClientConfig } from '../session/client-config.ts';
import { type LazyClient, lazyClient } from '../session/lazy-client.ts';

export type Inspector = LazyClient<typeof import('./inspector-sdk.ts'), Inspector2Client>;

export function inspectorClient(config: ClientConfig): Inspector {
  return lazyClient(
    () => import('./inspector-sdk.ts'),
    (sdk) => sdk.Inspector2Client,
    config,
  );
}
