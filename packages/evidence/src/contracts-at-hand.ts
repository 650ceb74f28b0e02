import type { Digest, Duty } from '@tenant-delivery/domain';
import { CONTRACT_PAYLOAD_TYPE, type ContractKeys, readContractKeys, trustUnder } from './contract-keys.ts';
import type { TrustedKey, TrustFile } from './trust.ts';

/** A signed contract, and where it was found: a file, or a line of the evidence. */
export interface ContractAtHand {
  readonly place: string;
  readonly bytes: Uint8Array;
}

/** One contract that was given, and whether its keys count. */
export interface ContractReport {
  readonly place: string;
  /** Of one that is signed by a trusted contract key. */
  readonly tenant?: string;
  readonly environment?: string;
  readonly serial?: number;
  readonly digest?: Digest;
  /** The id of the contract key that signed it. */
  readonly signedBy?: string;
  /** Whether it is the newest of its environment here: that one says which keys count. */
  readonly counts: boolean;
  readonly problems: readonly string[];
}

/** A key that signed something in the evidence, and what vouches for it. */
export interface KeyReport {
  readonly keyId: string;
  readonly duty: Duty;
  readonly tenant?: string;
  readonly environment?: string;
  /** How many events and entries it signed. */
  readonly signed: number;
  readonly vouchedBy: 'trust file' | { readonly contract: Digest; readonly serial: number };
}

/** What a verifier believes who has a trust file and contracts. */
export interface Believed {
  readonly trust: TrustFile;
  readonly contracts: readonly ContractReport[];
  /** The contract that names a key of this trust; `undefined` for a key of the trust file. */
  readonly namedBy: (key: TrustedKey) => ContractKeys | undefined;
}

/**
 * Of the contracts of one environment, the one with the highest serial says which keys count, as it does for an action. An
 * older one adds nothing: a replaced key stays in the newer one, with the time until which it counts.
 */
export function believe(trust: TrustFile, atHand: readonly ContractAtHand[]): Believed {
  const read = atHand.map(({ place, bytes }) => ({ place, ...readContractKeys(bytes, trust) }));
  const contracts = read.flatMap((one) => ('contract' in one ? [one.contract] : []));
  const newest = newestOf(contracts);
  const named = new Map<TrustedKey, ContractKeys>();
  let believed = trust;
  for (const contract of newest.values()) {
    const before = new Set(believed.keys);
    believed = trustUnder(believed, withoutKnown(contract, newest));
    for (const key of believed.keys) if (!before.has(key)) named.set(key, contract);
  }
  return {
    trust: believed,
    contracts: read.map((one): ContractReport => {
      if ('problems' in one) return { place: one.place, counts: false, problems: one.problems };
      const { tenant, environment, serial, digest, signedBy } = one.contract;
      const forks = contracts.some(
        (other) => homeOf(other) === homeOf(one.contract) && isFork(other, one.contract),
      );
      return {
        place: one.place,
        ...{ tenant, environment, serial, digest, signedBy: signedBy.keyId },
        counts: newest.get(homeOf(one.contract))?.digest === digest,
        problems: forks
          ? [`has the serial ${serial} as another contract of ${homeOf(one.contract)} has`]
          : [],
      };
    }),
    namedBy: (key) => named.get(key),
  };
}

function homeOf({ tenant, environment }: Pick<ContractKeys, 'tenant' | 'environment'>): string {
  return `${tenant}/${environment}`;
}

function isFork(one: ContractKeys, other: ContractKeys): boolean {
  return one.serial === other.serial && one.digest !== other.digest;
}

/** Of two contracts of one serial that differ, nobody can say which was in force: neither counts. */
function newestOf(contracts: readonly ContractKeys[]): ReadonlyMap<string, ContractKeys> {
  const newest = new Map<string, ContractKeys>();
  for (const [home, all] of Map.groupBy(contracts, homeOf)) {
    const [highest] = all.toSorted((a, b) => b.serial - a.serial);
    if (highest && !all.some((other) => isFork(highest, other))) newest.set(home, highest);
  }
  return newest;
}

/** If the own contract of an environment is at hand, that contract says which keys count. */
function withoutKnown(contract: ContractKeys, newest: ReadonlyMap<string, ContractKeys>): ContractKeys {
  const { tenant } = contract;
  const unknown = Object.entries(contract.sourceKeys).filter(
    ([environment]) => !newest.has(homeOf({ tenant, environment })),
  );
  return { ...contract, sourceKeys: Object.fromEntries(unknown) };
}

const MARKED = `"payloadType":"${CONTRACT_PAYLOAD_TYPE}"`;

/** Whether a line of evidence is a contract and not an event. Base64 has no quotes, so that no payload looks like one. */
export function isContractLine(line: Uint8Array): boolean {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).includes(MARKED);
}

/** Counts what each key signed. */
export function keyTally({ namedBy }: Pick<Believed, 'namedBy'>) {
  const signed = new Map<TrustedKey, number>();
  return {
    add: (key: TrustedKey): void => {
      signed.set(key, (signed.get(key) ?? 0) + 1);
    },
    report: (): readonly KeyReport[] =>
      [...signed].map(([key, count]) => {
        const { keyId, duty, tenant, environment } = key;
        const contract = namedBy(key);
        return {
          keyId,
          duty,
          ...(tenant !== undefined && { tenant }),
          ...(environment !== undefined && { environment }),
          signed: count,
          vouchedBy: contract ? { contract: contract.digest, serial: contract.serial } : 'trust file',
        };
      }),
  };
}
