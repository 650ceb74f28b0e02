import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { failures } from './failures.ts';
import type { Entry, RunFacts } from './journal-entry.ts';
import type { ChangeRecorder } from './ports.ts';

/** The newest generation of a credential's journal. Generation 0 is the time before the first rotation. */
export interface Journal<F> {
  readonly credential: string;
  readonly generation: number;
  readonly entries: readonly Entry<F>[];
  readonly head: Digest | null;
}

/** Says what is wrong with a fact that was read, or gives it back. */
export type ReadFact<F> = (value: unknown) => { readonly fact: F } | { readonly problem: string };

export const CREDENTIAL = /^[a-z][a-z0-9-]{1,39}$/;
const ENTRY = /^rotation\/[a-z][a-z0-9-]{1,39}\/\d{4}\/\d{4}\.json$/;

export function entryKey(credential: string, generation: number, seq: number): string {
  return `rotation/${credential}/${padded(generation)}/${padded(seq)}.json`;
}

/** Reads the newest generation and believes it only whole: numbers without gaps, each naming the one before it. */
export async function readJournal<F>(
  vault: Pick<Vault, 'read' | 'list'>,
  credential: string,
  readFact: ReadFact<F>,
): Promise<Journal<F>> {
  if (!CREDENTIAL.test(credential)) throw new TypeError(`${JSON.stringify(credential)} names no credential`);
  const keys = await vault.list(`rotation/${credential}/`);
  const last = keys.at(-1);
  if (last === undefined) return { credential, generation: 0, entries: [], head: null };
  // A key that sorts after the newest generation would hide it, and an open rotation would begin a second time.
  for (const key of keys) if (!ENTRY.test(key)) throw failures.journalBroken(key, 'is no entry');
  const generation = Number(last.split('/')[2]);
  const folder = `rotation/${credential}/${padded(generation)}/`;
  const mine = keys.filter((key) => key.startsWith(folder));
  const before = keys[keys.length - mine.length - 1];
  const [stored, earlier] = await Promise.all([
    Promise.all(mine.map(async (key) => bytesOf(vault, key))),
    before === undefined ? undefined : bytesOf(vault, before),
  ]);
  let head = earlier ? digestOf(earlier) : null;
  const entries: Entry<F>[] = [];
  for (const [seq, bytes] of stored.entries()) {
    const key = mine[seq] ?? folder;
    if (key !== entryKey(credential, generation, seq))
      throw failures.journalBroken(key, 'is out of sequence');
    entries.push(readEntry(key, bytes, { credential, generation, seq, prev: head }, readFact));
    head = digestOf(bytes);
  }
  return { credential, generation, entries, head };
}

/**
 * Writes the next entry. `raced`: another run wrote it first, so the plan is stale.
 * Throws when nobody knows whether it was written.
 */
export async function append<F extends { readonly kind: string }>(
  vault: Vault,
  journal: Journal<F>,
  { at, by, fact }: { readonly at: number; readonly by: RunFacts; readonly fact: F },
  recorder?: ChangeRecorder,
): Promise<Journal<F> | 'raced'> {
  const opens = fact.kind === 'opened';
  const entry: Entry<F> = {
    schemaVersion: 1,
    credential: journal.credential,
    generation: journal.generation + (opens ? 1 : 0),
    seq: opens ? 0 : journal.entries.length,
    prev: journal.head,
    at: new Date(at).toISOString(),
    by,
    fact,
  };
  const key = entryKey(entry.credential, entry.generation, entry.seq);
  const bytes = Buffer.from(canonicalJson(entry));
  if ((await create(vault, key, bytes)) === 'exists') return 'raced';
  await recorder?.record(key, bytes);
  return {
    credential: entry.credential,
    generation: entry.generation,
    entries: opens ? [entry] : [...journal.entries, entry],
    head: digestOf(bytes),
  };
}

/**
 * If the answer to a create was lost and our bytes are there, the entry is ours: the bytes name this start of the
 * action.
 */
async function create(vault: Vault, key: string, bytes: Buffer): Promise<'created' | 'exists'> {
  const answer = await vault.create(key, bytes).catch(async (cause: unknown) => {
    const stored = await vault.read(key);
    if (stored === undefined) throw cause;
    return 'exists' as const;
  });
  if (answer !== 'exists') return 'created';
  const stored = await vault.read(key);
  return stored && bytes.equals(stored.bytes) ? 'created' : 'exists';
}

async function bytesOf(vault: Pick<Vault, 'read'>, key: string): Promise<Uint8Array> {
  const stored = await vault.read(key);
  if (!stored) throw failures.journalBroken(key, 'was listed and is gone');
  return stored.bytes;
}

function readEntry<F>(
  key: string,
  bytes: Uint8Array,
  place: Pick<Entry<F>, 'credential' | 'generation' | 'seq' | 'prev'>,
  readFact: ReadFact<F>,
): Entry<F> {
  const said: unknown = parsed(bytes);
  if (typeof said !== 'object' || said === null || !('fact' in said))
    throw failures.journalBroken(key, 'is no journal entry');
  const entry = said as Entry<unknown>; // what is used of it is checked here
  const reading = readFact(entry.fact);
  if ('problem' in reading) throw failures.journalBroken(key, reading.problem);
  if (entry.schemaVersion !== 1 || !Number.isFinite(Date.parse(entry.at)))
    throw failures.journalBroken(key, 'is no journal entry of version 1');
  if (typeof entry.by?.process !== 'string')
    throw failures.journalBroken(key, 'does not say which run wrote it');
  for (const member of ['credential', 'generation', 'seq'] as const)
    if (entry[member] !== place[member]) throw failures.journalBroken(key, `says another ${member}`);
  if (entry.prev !== place.prev) throw failures.journalBroken(key, 'does not name the entry before it');
  return { ...entry, fact: reading.fact };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function padded(number: number): string {
  return String(number).padStart(4, '0');
}
