import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { clientConfig } from './client-config.ts';
import { serverTime } from './server-time.ts';

export type ConfigOf = (attempts?: number) => ReturnType<typeof clientConfig>;

type Hearing = ReturnType<typeof clientConfig> & { readonly heard: (date: number) => void };

/** Two configurations from whose answers the time of AWS is heard; requests of `once` are sent a single time. */
export function hearingConfigs(
  configOf: ConfigOf,
  clock: Clock,
): { readonly config: Hearing; readonly once: Hearing; readonly time: ServerTime } {
  const plain = configOf();
  const time = serverTime(clock, !plain.ignoreConfiguredEndpointUrls);
  const heard = time.hear;
  return { config: { ...plain, heard }, once: { ...configOf(1), heard }, time };
}
