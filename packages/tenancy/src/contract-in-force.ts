import { trustUnder } from '@tenant-delivery/evidence/contract-keys';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { Stored, Vault } from '@tenant-delivery/vault/ports';
import { contractKey, type Environment, vaultBucket } from './derived-names.ts';
import { failures } from './failures.ts';
import { keysOf, type OpenedContract, openContract } from './sealed-contract.ts';
import { highestSeen, type SeenContract } from './seen-serials.ts';

/** What an environment's vault holds of its contract. Nothing of it is believed yet. */
export interface FoundContract {
  readonly stored: Stored | undefined;
  /** The newest one that was ever in force. */
  readonly seen: SeenContract | undefined;
}

export async function findContract(vault: Vault, environment: string): Promise<FoundContract> {
  const [stored, seen] = await Promise.all([
    vault.read(contractKey(environment)),
    highestSeen(vault, environment),
  ]);
  return { stored, seen };
}

/** The contract that was found, with its signature checked. `at` is milliseconds since the epoch. */
export function openFound(
  { stored }: FoundContract,
  trust: TrustFile,
  place: Environment,
  at: number,
): OpenedContract {
  const where = `${vaultBucket(place)}/${contractKey(place.environment)}`;
  if (!stored) throw failures.contractNotFound(place.tenant, place.environment, where);
  return openContract(stored.bytes, trust, { ...place, place: where, at });
}

/**
 * What a job in this environment believes: what the release trusts, and the keys of the contract if that is signed by a
 * contract key and none newer was seen. Without such a contract, the release alone; admission then says what is wrong.
 */
export function agreedTrust(
  found: FoundContract,
  released: TrustFile,
  place: Environment,
  at: number,
): TrustFile {
  try {
    const opened = openFound(found, released, place, at);
    return isStale(opened, found.seen) ? released : trustUnder(released, keysOf(opened, place.environment));
  } catch {
    return released;
  }
}

function isStale({ contract, digest }: OpenedContract, seen: SeenContract | undefined): boolean {
  if (!seen || contract.serial > seen.serial) return false;
  return contract.serial < seen.serial || digest !== seen.digest;
}
