import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type Environment, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import type { Vault } from '@tenant-delivery/vault/ports';
import { clientConfig } from '../session/client-config.ts';
import { s3Vault } from './vault.ts';

/** The vault of an environment with the credentials that the SDK finds by itself: for a provider at a terminal. */
export function ambientVault(environment: Environment): Vault {
  const { region, account } = environment;
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  return s3Vault(clientConfig(base, defaultProvider()), vaultBucket(environment), account);
}
