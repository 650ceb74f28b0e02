import { callPace } from '@tenant-delivery/action-kit/call-pace';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Sight } from '@tenant-delivery/provisioning/doctor/ports';
import { type Environment, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { s3Vault } from '../s3/vault.ts';
import { ambientConfig } from '../session/ambient-config.ts';
import { pacingRequests } from '../session/pacing-requests.ts';
import { accountReader } from './account-reader.ts';

/** At most so many requests are under way at once: the rest wait for their turn. */
const IN_FLIGHT = 60;

/**
 * An environment as the credentials see it that the SDK finds by itself, or those of a profile: for a provider at a
 * terminal. Environments that are opened with one pace share its bound.
 */
export function ambientSights(clock: Clock) {
  const pace = callPace(clock, { inFlight: IN_FLIGHT, rates: {} });
  return (environment: Environment, profile: string | undefined): Sight => {
    const { region, account } = environment;
    const config = {
      ...ambientConfig(region, profile),
      plugins: [pacingRequests(pace, () => 'any')],
    };
    return {
      account: accountReader(config, account),
      vault: s3Vault(config, vaultBucket(environment), account),
    };
  };
}
