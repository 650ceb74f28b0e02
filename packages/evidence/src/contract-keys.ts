import { canonicalJson, type Digest, ENVIRONMENT, TENANT } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { type Envelope, openEnvelope, parseJson } from './dsse.ts';
import { attribute, EnvironmentKey, type TrustedKey, type TrustFile } from './trust.ts';

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

/** The part of a contract that a verifier needs. The room `tenancy` reads the whole. */
const Vouching = v.object({
  id: v.pipe(v.string(), v.regex(TENANT)),
  serial: v.number(),
  environments: v.pipe(
    v.record(
      v.pipe(v.string(), v.regex(ENVIRONMENT)),
      v.object({
        keys: v.optional(v.array(EnvironmentKey), []),
        sourceKeys: v.optional(v.record(v.string(), v.array(EnvironmentKey)), {}),
      }),
    ),
    v.check((environments) => Object.keys(environments).length === 1),
  ),
});

/** The keys that a signed contract names, or what is wrong with it. Needs no network: whether it is in force is not asked. */
export function readContractKeys(
  bytes: Uint8Array,
  trust: TrustFile,
): { readonly contract: ContractKeys } | { readonly problems: readonly string[] } {
  const envelope = openEnvelope(bytes);
  return envelope === undefined || envelope.payloadType !== CONTRACT_PAYLOAD_TYPE
    ? { problems: ['is not a signed contract'] }
    : keysIn(envelope, trust);
}

function keysIn(envelope: Envelope, trust: TrustFile): ReturnType<typeof readContractKeys> {
  const json = parseJson(envelope.payload);
  const parsed = v.safeParse(Vouching, json);
  if (!parsed.success) return { problems: ['is not a contract that this release reads'] };
  const { id: tenant, serial, environments } = parsed.output;
  const [agreed] = Object.entries(environments);
  if (!agreed) return { problems: ['is a contract for no environment'] };
  const [environment, { keys, sourceKeys }] = agreed;
  const signed = attribute(envelope, trust, { duties: ['contract'], tenant, environment, at: undefined });
  if (signed.kind === 'unsigned') return { problems: ['has no signature'] };
  if (signed.kind === 'refused') return { problems: signed.why };
  const digest = digestOf(canonicalJson(json));
  return { contract: { tenant, environment, serial, digest, signedBy: signed.key, keys, sourceKeys } };
}
