import { S3Client } from '@aws-sdk/client-s3';
import { type Environment, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import type { Vault } from '@tenant-delivery/vault/ports';
import { s3Vault } from './s3-vault.ts';

/** The vault of an environment with the credentials that the SDK finds by itself: for a provider at a terminal. */
export function ambientVault(environment: Environment): Vault {
  const s3 = new S3Client({ region: environment.region });
  return s3Vault(s3, vaultBucket(environment), environment.account);
}
