import { S3Client } from '@aws-sdk/client-s3';
import { s3Vault } from '@tenant-delivery/aws/s3-vault';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import { type TenantContract, vaultBucket } from '@tenant-delivery/tenancy';
import type { Vault } from '@tenant-delivery/vault';

/** The vault of an environment, by the key of the account's operator. */
export function operatorVault(
  aws: LocalAws,
  contract: TenantContract,
  environment: string,
  operator: OperatorKey,
): Vault {
  const region = contract.environments[environment]?.region ?? '';
  const place = { tenant: contract.id, environment, account: contract.account, region };
  const s3 = new S3Client({ region, endpoint: aws.url, credentials: operator });
  return s3Vault(s3, vaultBucket(place), contract.account);
}

export function operatorOf(
  operators: Readonly<Record<string, OperatorKey>>,
  contract: TenantContract,
): OperatorKey {
  const operator = operators[contract.id];
  if (!operator) throw new Error(`${contract.id} was not seeded`);
  return operator;
}
