import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { Vault } from '@tenant-delivery/vault/ports';
import { completeEnvironment } from './complete-environment.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { contractKey } from './derived-names.ts';
import { openContract } from './sealed-contract.ts';

const DAY = 86_400_000; // milliseconds
const SOON = 60; // days in which a contract must be renewed

/** What lies in the vault of an environment: a serial, nothing, or an observation that failed. */
export type Published =
  | { readonly kind: 'serial'; readonly serial: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/** The serial of the contract that is in force, if it is signed by a trusted key. */
export async function publishedSerial(
  vault: Pick<Vault, 'read'>,
  trust: TrustFile,
  { tenant, environment, at }: { readonly tenant: string; readonly environment: string; readonly at: number },
): Promise<Published> {
  const place = contractKey(environment);
  try {
    const stored = await vault.read(place);
    if (stored === undefined) return { kind: 'none' };
    const { contract } = openContract(stored.bytes, trust, { tenant, environment, place, at });
    return { kind: 'serial', serial: contract.serial };
  } catch (error) {
    return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) };
  }
}

export interface ContractStatus {
  readonly environment: string;
  readonly published: Published | undefined;
  /** Whole days until the contract ends; negative when it has ended. */
  readonly days: number;
  /** What somebody has to do, a sentence each. */
  readonly due: readonly string[];
}

/** `published`: what lies in the vault, by environment; absent when nobody looked. `newest`: the tag of the newest release. */
export function contractStatus(
  contract: TenantContract,
  published: Readonly<Record<string, Published>>,
  { newest, at }: { readonly newest: string | undefined; readonly at: number },
): readonly ContractStatus[] {
  const days = Math.floor((Date.parse(contract.expires) - at) / DAY);
  const { releases = [] } = contract;
  return Object.entries(contract.environments).map(([environment, agreed]) => {
    const found = published[environment];
    return {
      environment,
      published: found,
      days,
      due: [
        ...(found === undefined ? [] : duePublication(contract.serial, found)),
        ...(days < 0 ? ['It has ended: nothing is delivered until a new serial is published.'] : []),
        ...(days >= 0 && days < SOON ? [`It ends in ${days} days: agree on a new one.`] : []),
        ...dueIds(agreed),
        ...(newest !== undefined && !releases.includes(newest)
          ? [`The roles do not trust ${newest}, the newest release.`]
          : []),
      ],
    };
  });
}

function dueIds(agreed: EnvironmentContract): readonly string[] {
  const found = completeEnvironment(agreed);
  return 'missing' in found
    ? [
        `It has no ${found.missing.join(', ')}: provision the network, then run \`contract complete\`; nothing can be delivered before.`,
      ]
    : [];
}

function duePublication(serial: number, published: Published): readonly string[] {
  if (published.kind === 'none') return ['None is published: sign and publish this one.'];
  if (published.kind === 'unknown') return [`What is published could not be read: ${published.why}`];
  if (published.serial < serial) return [`Serial ${serial} is not published: sign and publish it.`];
  if (published.serial > serial)
    return [`The file is older than what is published: find serial ${published.serial} and put it here.`];
  return [];
}
