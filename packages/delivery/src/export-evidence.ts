import { canonicalJson } from '@tenant-delivery/domain';
import { readContractKeys } from '@tenant-delivery/evidence/contract-keys';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { exportChange } from '@tenant-delivery/evidence/export';
import type { Place } from '@tenant-delivery/evidence/record';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import type { Vault } from '@tenant-delivery/vault/ports';

/**
 * The record of a change for a stranger who has the provider's trust file alone: in front of the events stands the signed
 * contract that is in force, if that names keys.
 */
export async function exportEvidence(
  vault: Vault,
  trust: TrustFile,
  place: Place,
  change: string,
): Promise<string> {
  const [stored, events] = await Promise.all([
    vault.read(contractKey(place.environment)),
    exportChange(vault, place, change),
  ]);
  if (!stored) return events;
  const read = readContractKeys(stored.bytes, trust);
  const names = 'contract' in read && read.contract.keys.length > 0;
  return names ? `${canonicalJson(parseJson(stored.bytes))}\n${events}` : events;
}
