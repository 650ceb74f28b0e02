import { failures } from '@tenant-delivery/rotation/failures';
import { CREDENTIAL, entryKey } from '@tenant-delivery/rotation/journal';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { Unknown } from './sighting.ts';

/**
 * What the ends of a credential's newest generation say. A report reads an entry or two where a rotation reads and believes
 * the whole chain: it changes nothing, and hundreds are read at once.
 */
export type JournalWord =
  | { readonly kind: 'none' }
  | (Generation & { readonly kind: 'open' | 'closed' })
  | Unknown;

interface Generation {
  readonly generation: number;
  /** `undefined`: it was not read, because it is closed. */
  readonly openedAt: number | undefined;
  /** When its newest entry was written. */
  readonly lastAt: number;
  /** The key of that entry in the vault. */
  readonly entry: string;
  /** What it says. */
  readonly fact: Readonly<Record<string, unknown>>;
}

/**
 * Throws where the vault could not be asked, or where what lies there is no journal of this credential. `beginning`: the
 * opening of a closed generation is wanted too.
 */
export async function readJournalWord(
  vault: Pick<Vault, 'read' | 'list'>,
  credential: string,
  beginning = false,
): Promise<Exclude<JournalWord, Unknown>> {
  if (!CREDENTIAL.test(credential)) throw new TypeError(`${JSON.stringify(credential)} names no credential`);
  const last = (await vault.list(`rotation/${credential}/`)).at(-1);
  if (last === undefined) return { kind: 'none' };
  const [generation, seq] = last
    .split('/')
    .slice(2)
    .map((part) => Number.parseInt(part, 10));
  if (generation === undefined || seq === undefined || last !== entryKey(credential, generation, seq))
    throw failures.journalBroken(last, 'is no entry');
  const place = { credential, generation };
  const { at, fact } = await readEnd(vault, last, { ...place, seq });
  const closed = fact['kind'] === 'closed';
  const openedAt =
    closed && !beginning ? undefined : await readOpening(vault, place, seq === 0 ? { at, fact } : undefined);
  return { kind: closed ? 'closed' : 'open', generation, openedAt, lastAt: at, entry: last, fact };
}

interface End {
  readonly at: number;
  readonly fact: Readonly<Record<string, unknown>>;
}

async function readOpening(
  vault: Pick<Vault, 'read'>,
  place: { readonly credential: string; readonly generation: number },
  known: End | undefined,
): Promise<number> {
  const key = entryKey(place.credential, place.generation, 0);
  const { at, fact } = known ?? (await readEnd(vault, key, { ...place, seq: 0 }));
  if (fact['kind'] !== 'opened') throw failures.journalBroken(key, 'opens nothing');
  return at;
}

async function readEnd(
  vault: Pick<Vault, 'read'>,
  key: string,
  place: { readonly credential: string; readonly generation: number; readonly seq: number },
): Promise<End> {
  const stored = await vault.read(key);
  if (!stored) throw failures.journalBroken(key, 'was listed and is gone');
  const entry = membersOf(parsed(stored.bytes));
  for (const member of ['credential', 'generation', 'seq'] as const)
    if (entry[member] !== place[member]) throw failures.journalBroken(key, `says another ${member}`);
  const at = Date.parse(String(entry['at']));
  if (entry['schemaVersion'] !== 1 || !Number.isFinite(at))
    throw failures.journalBroken(key, 'is no journal entry of version 1');
  return { at, fact: membersOf(entry['fact']) };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
