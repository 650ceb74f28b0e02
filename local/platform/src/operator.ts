import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import type { Vault } from '@tenant-delivery/vault/ports';

/** The vault of an environment, by the key of the account's operator. */
export function operatorVault(
  aws: LocalAws,
  contract: TenantContract,
  environment: string,
  operator: OperatorKey,
): Vault {
  const region = contract.environments[environment]?.region ?? '';
  const place = { tenant: contract.id, environment, account: contract.account, region };
  const base = { region, local: true, scale: 1, userAgent: 'operator' };
  const config = { ...clientConfig(base, async () => operator), endpoint: aws.url };
  return s3Vault(config, vaultBucket(place), contract.account);
}

export function operatorOf(
  operators: Readonly<Record<string, OperatorKey>>,
  contract: TenantContract,
): OperatorKey {
  const operator = operators[contract.id];
  if (!operator) throw new Error(`${contract.id} was not seeded`);
  return operator;
}
