import type { Vault } from '@tenant-delivery/vault';
import { failures } from '../failures.ts';
import { CREDENTIAL, entryKey } from '../journal.ts';
import type { Unknown } from './sighting.ts';

/**
 * What the ends of a credential's newest generation say. A report reads two entries where a rotation reads and believes
 * the whole chain: it changes nothing, and hundreds are read at once.
 */
export type JournalWord =
  | { readonly kind: 'none' }
  | (Generation & { readonly kind: 'open' | 'closed' })
  | Unknown;

interface Generation {
  readonly generation: number;
  readonly openedAt: number;
  /** When its newest entry was written. */
  readonly lastAt: number;
  /** The key of that entry in the vault. */
  readonly entry: string;
  /** What it says. */
  readonly fact: Readonly<Record<string, unknown>>;
}

/** Throws where the vault could not be asked, or where what lies there is no journal of this credential. */
export async function readJournalWord(
  vault: Pick<Vault, 'read' | 'list'>,
  credential: string,
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
  const first = entryKey(credential, generation, 0);
  const [opening, ending] = await Promise.all([
    readEnd(vault, first, { credential, generation, seq: 0 }),
    seq === 0 ? undefined : readEnd(vault, last, { credential, generation, seq }),
  ]);
  if (opening.fact['kind'] !== 'opened') throw failures.journalBroken(first, 'opens nothing');
  const { at, fact } = ending ?? opening;
  const kind = fact['kind'] === 'closed' ? 'closed' : 'open';
  return { kind, generation, openedAt: opening.at, lastAt: at, entry: last, fact };
}

async function readEnd(
  vault: Pick<Vault, 'read'>,
  key: string,
  place: { readonly credential: string; readonly generation: number; readonly seq: number },
) {
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
