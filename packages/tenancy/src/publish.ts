import { readContractKeys } from '@tenant-delivery/evidence/contract-keys';
import { readRecord } from '@tenant-delivery/evidence/contract-record';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { Stored, Vault } from '@tenant-delivery/vault/ports';
import { contractRecordKey } from './contract-records.ts';
import { contractKey } from './derived-names.ts';
import { failures } from './failures.ts';
import { keysOf, type OpenedContract, openContract, type SignedContract } from './sealed-contract.ts';
import { highestSeen, rememberSeen } from './seen-serials.ts';

export interface Publication {
  readonly tenant: string;
  readonly environment: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who asked for this contract and who agreed, signed as the contract is. Absent where a person publishes by hand. */
  readonly record?: Uint8Array;
}

/**
 * Puts a signed contract in force. It must be signed by a trusted key, in date, and newer than whatever was in force
 * before; publishing the same one again changes nothing.
 */
export async function publishContract(
  vault: Vault,
  bytes: Uint8Array,
  trust: TrustFile,
  { tenant, environment, at, record }: Publication,
): Promise<{ readonly outcome: 'published' | 'already published'; readonly signed: SignedContract }> {
  const key = contractKey(environment);
  const signed = openContract(bytes, trust, { tenant, environment, place: 'this file', at });
  const { contract, digest } = signed;
  if (at >= Date.parse(contract.expires)) throw failures.contractExpired(tenant, contract.expires);
  const seen = await highestSeen(vault, environment);
  if (seen && contract.serial < seen.serial)
    throw failures.contractOlder(tenant, contract.serial, seen.serial);
  if (seen && contract.serial === seen.serial && digest !== seen.digest) {
    throw failures.contractForked(tenant, contract.serial);
  }
  const inForce = await vault.read(key);
  if (inForce) assertKeepsKeys(signed, environment, inForce.bytes, trust);
  // before the contract: a crash in between leaves a record of what was about to be published, and a second attempt finds it
  if (record) await keepRecord(vault, record, trust, { environment, signed, inForce: inForce?.bytes });
  // remembered before it is written: a crash in between leaves nothing that an older contract could pass under
  await rememberSeen(vault, environment, signed);
  if (inForce && Buffer.compare(inForce.bytes, bytes) === 0) return { outcome: 'already published', signed };
  if ((await write(vault, key, bytes, inForce)) === 'lost') throw failures.contractMoved(tenant);
  return { outcome: 'published', signed };
}

interface Recorded {
  readonly environment: string;
  readonly signed: OpenedContract;
  readonly inForce: Uint8Array | undefined;
}

/** The record has to be of this contract, and to follow the one that is in force. The first that is written stays. */
async function keepRecord(
  vault: Vault,
  bytes: Uint8Array,
  trust: TrustFile,
  { environment, signed, inForce }: Recorded,
): Promise<void> {
  const { contract, digest } = signed;
  const read = readRecord(bytes, trust);
  if ('problems' in read) throw failures.contractRecordRefused(contract.id, read.problems);
  const { record } = read;
  const before = inForce === undefined ? undefined : readContractKeys(inForce, trust);
  const replaced = before && 'contract' in before ? before.contract : undefined;
  const why = [
    ...(record.tenant === contract.id && record.environment === environment && record.contract === digest
      ? []
      : [`it is of serial ${record.serial} of ${record.tenant}/${record.environment}, another contract`]),
    ...(replaced === undefined || [record.before.contract, record.contract].includes(replaced.digest)
      ? []
      : [`it follows serial ${record.before.serial}, and serial ${replaced.serial} is in force`]),
  ];
  if (why.length > 0) throw failures.contractRecordRefused(contract.id, why);
  const key = contractRecordKey(environment, contract.serial);
  if ((await vault.create(key, bytes)) !== 'exists') return;
  const kept = readRecord((await vault.read(key))?.bytes ?? new Uint8Array(), trust);
  if ('problems' in kept) throw failures.contractRecordRefused(contract.id, kept.problems);
  if (kept.record.contract !== digest)
    throw failures.contractRecordRefused(contract.id, [
      `the vault has a record of serial ${contract.serial} already, of another contract: raise the serial`,
    ]);
}

/** The newest contract says which keys count, for old records too. One that cannot be read any more keeps no key. */
function assertKeepsKeys(
  signed: OpenedContract,
  environment: string,
  inForce: Uint8Array,
  trust: TrustFile,
): void {
  const before = readContractKeys(inForce, trust);
  if ('problems' in before) return;
  const { keys } = keysOf(signed, environment);
  const dropped = before.contract.keys.filter(
    (old) => !keys.some(({ keyId, duty }) => keyId === old.keyId && duty === old.duty),
  );
  if (dropped.length === 0) return;
  const named = dropped.map(({ keyId, duty }) => `${duty} ${keyId.slice(0, 12)}…`);
  throw failures.contractDropsKeys(signed.contract.id, before.contract.serial, named);
}

async function write(
  vault: Vault,
  key: string,
  bytes: Uint8Array,
  inForce: Stored | undefined,
): Promise<'lost' | 'done'> {
  const written = await (inForce ? vault.replace(key, bytes, inForce.version) : vault.create(key, bytes));
  return typeof written === 'string' ? 'lost' : 'done';
}
