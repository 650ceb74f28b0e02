import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { openEnvelope, parseJson, seal } from '@tenant-delivery/evidence/dsse';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { attribute, type TrustFile } from '@tenant-delivery/evidence/trust';
import { digestOf } from '@tenant-delivery/vault/objects';
import { TenantContract } from './contract.ts';
import { failures } from './failures.ts';

export const CONTRACT_PAYLOAD_TYPE = 'application/vnd.tenant-delivery.contract+json';

/** A contract whose signature was checked, for the one environment that it was published for. */
export interface SignedContract {
  readonly contract: TenantContract;
  /** Of the contract's canonical JSON: what evidence records and clearances name. */
  readonly digest: Digest;
}

/** The contract as it is published for one environment, without the other environments. */
export function cutTo(contract: TenantContract, environment: string): TenantContract {
  const agreed = contract.environments[environment];
  return { ...contract, environments: agreed ? { [environment]: agreed } : {} };
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
): SignedContract {
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
  return { contract, digest: digestOf(canonicalJson(contract)) };
}
