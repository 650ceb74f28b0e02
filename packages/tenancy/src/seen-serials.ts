import { canonicalJson, type Digest, isDigest } from '@tenant-delivery/domain';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { failures } from '@tenant-delivery/evidence/failures';
import type { Vault } from '@tenant-delivery/vault/ports';
import * as v from 'valibot';
import type { SignedContract } from './sealed-contract.ts';

const Seen = v.strictObject({
  schemaVersion: v.literal(1),
  serial: v.number(),
  digest: v.custom<Digest>((text) => typeof text === 'string' && isDigest(text)),
});

/** The highest serial under which a change was ever opened here, and the contract that carried it. */
export type SeenContract = Readonly<v.InferOutput<typeof Seen>>;

const prefixOf = (environment: string) => `seen/contract/${environment}/`;

/**
 * Reads the highest serial seen. Each serial is an object of its own, created once and never replaced:
 * under Object Lock the memory can only grow (docs/decisions/0002).
 */
export async function highestSeen(
  vault: Pick<Vault, 'read' | 'list'>,
  environment: string,
): Promise<SeenContract | undefined> {
  const highest = (await vault.list(prefixOf(environment))).at(-1);
  if (highest === undefined) return undefined;
  const stored = await vault.read(highest);
  if (!stored) throw failures.documentAltered('seen contract', highest, 'was listed and is gone');
  const seen = v.safeParse(Seen, parseJson(stored.bytes));
  if (!seen.success) {
    throw failures.documentAltered('seen contract', highest, 'is not of the form that this release reads');
  }
  if (keyOf(environment, seen.output.serial) !== highest) {
    throw failures.documentAltered('seen contract', highest, 'holds another serial than its place names');
  }
  return seen.output;
}

/** Remembers a contract that is in force. Remembering it twice is one object. */
export async function rememberSeen(
  vault: Vault,
  environment: string,
  { contract, digest }: SignedContract,
): Promise<void> {
  const key = keyOf(environment, contract.serial);
  if (await vault.read(key)) return; // admission has compared it, and the job remembers it
  const seen: SeenContract = { schemaVersion: 1, serial: contract.serial, digest };
  await vault.create(key, Buffer.from(canonicalJson(seen)));
}

function keyOf(environment: string, serial: number): string {
  return `${prefixOf(environment)}${String(serial).padStart(16, '0')}.json`;
}
