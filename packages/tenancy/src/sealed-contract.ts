import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { CONTRACT_PAYLOAD_TYPE, type ContractKeys } from '@tenant-delivery/evidence/contract-keys';
import { openEnvelope, parseJson, seal } from '@tenant-delivery/evidence/dsse';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { attribute, type TrustedKey, type TrustFile } from '@tenant-delivery/evidence/trust';
import { digestOf } from '@tenant-delivery/vault/objects';
import { type EnvironmentContract, TenantContract } from './contract.ts';
import { failures } from './failures.ts';

/** A contract whose signature was checked, for the one environment that it was published for. */
export interface SignedContract {
  readonly contract: TenantContract;
  /** Of the contract's canonical JSON: what evidence records and clearances name. */
  readonly digest: Digest;
}

/** A contract that was just read, with the contract key that signed it. */
export interface OpenedContract extends SignedContract {
  readonly signedBy: TrustedKey;
}

/**
 * The contract as it is published for one environment: without the other environments, but with the keys of those that
 * versions come from.
 */
export function cutTo(contract: TenantContract, environment: string): TenantContract {
  const agreed = contract.environments[environment];
  const cut = agreed && { ...agreed, ...sourceKeysOf(contract, agreed) };
  return { ...contract, environments: cut ? { [environment]: cut } : {} };
}

function sourceKeysOf(
  { environments }: TenantContract,
  { promotion, dr }: EnvironmentContract,
): Pick<EnvironmentContract, 'sourceKeys'> {
  const sources = [promotion?.from, dr?.recovers].flatMap((from) => {
    const keys = from === undefined ? undefined : environments[from]?.keys;
    return from === undefined || keys === undefined ? [] : [[from, keys] as const];
  });
  return sources.length > 0 ? { sourceKeys: Object.fromEntries(sources) } : {};
}

/** What a contract that was opened says of keys. */
export function keysOf({ contract, digest, signedBy }: OpenedContract, environment: string): ContractKeys {
  const { keys = [], sourceKeys = {} } = contract.environments[environment] ?? {};
  return { tenant: contract.id, environment, serial: contract.serial, digest, signedBy, keys, sourceKeys };
}

export async function sealContract(contract: TenantContract, signer: Signer): Promise<Uint8Array> {
  return seal(signer, CONTRACT_PAYLOAD_TYPE, Buffer.from(canonicalJson(contract)));
}

/** Reads a published contract. `place` is where it lay, for the messages; `at` is milliseconds since the epoch. */
export function openContract(
  bytes: Uint8Array,
  trust: TrustFile,
  expected: {
    readonly tenant: string;
    readonly environment: string;
    readonly place: string;
    readonly at: number;
  },
): OpenedContract {
  const { tenant, environment, place, at } = expected;
  const envelope = openEnvelope(bytes);
  if (!envelope) throw failures.contractUnsigned(place, 'is not a signed envelope (DSSE)');
  if (envelope.payloadType !== CONTRACT_PAYLOAD_TYPE) {
    throw failures.contractUnsigned(place, `carries ${envelope.payloadType}, which is not a contract`);
  }
  const attribution = attribute(envelope, trust, { duties: ['contract'], tenant, environment, at });
  if (attribution.kind === 'unsigned') throw failures.contractUnsigned(place, 'has no signature');
  if (attribution.kind === 'refused') throw failures.contractUntrusted(place, attribution.why);
  const parsed = parseDocument(TenantContract, parseJson(envelope.payload));
  if ('mistakes' in parsed) throw failures.contractInvalid(place, parsed.mistakes.map(describeMistake));
  const { document: contract } = parsed;
  const environments = Object.keys(contract.environments);
  if (contract.id !== tenant || environments.length !== 1 || environments[0] !== environment) {
    const found = `${contract.id}/${environments.join(',')}`;
    throw failures.contractForeign(place, found, `${tenant}/${environment}`);
  }
  return { contract, digest: digestOf(canonicalJson(contract)), signedBy: attribution.key };
}
