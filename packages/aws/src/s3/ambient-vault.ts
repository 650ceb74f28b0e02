import { S3Client } from '@aws-sdk/client-s3';
import { type Environment, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import type { Vault } from '@tenant-delivery/vault/ports';
import { clientConfig } from '../session/client-config.ts';
import { s3Objects } from './objects.ts';
import { s3Vault } from './vault.ts';

/** The vault of an environment with the credentials that the SDK finds by itself: for a provider at a terminal. */
export function ambientVault(environment: Environment): Vault {
  const { region, account } = environment;
  const { credentials } = new S3Client({ region }).config;
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  const bucket = vaultBucket(environment);
  return s3Vault(s3Objects(clientConfig(base, credentials), bucket, account), bucket, account);
}
