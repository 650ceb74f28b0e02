import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ClientConfig } from './client-config.ts';
import { hearingDates } from './hearing-dates.ts';
import { type HeardTime, serverTime } from './server-time.ts';

export type ConfigOf = (attempts?: number) => ClientConfig;

/** Two configurations whose answers tell AWS's time. Requests made with `once` are sent a single time. */
export function hearingConfigs(
  configOf: ConfigOf,
  clock: Clock,
): { readonly config: ClientConfig; readonly once: ClientConfig; readonly time: HeardTime } {
  const plain = configOf();
  const time = serverTime(clock, !plain.ignoreConfiguredEndpointUrls);
  const listening = (config: ClientConfig) => ({
    ...config,
    plugins: [...(config.plugins ?? []), hearingDates(time.hear)],
  });
  return { config: listening(plain), once: listening(configOf(1)), time };
}
