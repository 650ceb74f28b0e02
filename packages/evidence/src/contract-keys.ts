import type { Digest } from '@tenant-delivery/domain';
import type { EnvironmentKey, TrustedKey, TrustFile } from './trust.ts';

export const CONTRACT_PAYLOAD_TYPE = 'application/vnd.tenant-delivery.contract+json';

/** The keys that a signed contract names. Its signature was verified. */
export interface ContractKeys {
  readonly tenant: string;
  readonly environment: string;
  readonly serial: number;
  /** Of the contract's canonical JSON. */
  readonly digest: Digest;
  /** The contract key that signed it. */
  readonly signedBy: TrustedKey;
  /** Of the environment itself. */
  readonly keys: readonly EnvironmentKey[];
  /** Of the environments of the same tenant that versions come from. */
  readonly sourceKeys: Readonly<Record<string, readonly EnvironmentKey[]>>;
}

/**
 * What a release trusts, with the keys of one contract added. Each key speaks for the contract's tenant and for its own
 * environment alone, and no longer than the contract key may that vouches for it. A key that the release knows by another
 * duty is left out: no key has two.
 */
export function trustUnder(trust: TrustFile, contract: ContractKeys): TrustFile {
  const { tenant, environment, signedBy, keys, sourceKeys } = contract;
  const { [environment]: _own, ...sources } = sourceKeys;
  const named = [[environment, keys] as const, ...Object.entries(sources)];
  const added = named.flatMap(([environment, keys]) =>
    keys.map((key): TrustedKey => {
      const until = earlier(key.until, signedBy.until);
      return { ...key, tenant, environment, ...(until !== undefined && { until }) };
    }),
  );
  const hasOneDuty = ({ keyId, duty }: TrustedKey) =>
    [...trust.keys, ...added].every((other) => other.keyId !== keyId || other.duty === duty);
  return { ...trust, keys: [...trust.keys, ...added.filter(hasOneDuty)] };
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(one) < Date.parse(other) ? one : other;
}
