import { canonicalJson } from '@tenant-delivery/domain';
import { entryKey, type Journal } from './journal.ts';
import type { Entry } from './journal-entry.ts';
import type { ChangeRecorder } from './ports.ts';

/**
 * Marks entries that give somebody a right and that the run named in them did not sign. Either it died, or somebody who
 * may write to the vault but not sign wrote them. `known`: what was asked already, by the entry's key.
 */
export async function withDoubts<F>(
  journal: Journal<F>,
  gives: (fact: F) => boolean,
  signed: ChangeRecorder['isSignedByItsWriter'],
  known: Map<string, boolean> = new Map(),
): Promise<Journal<F>> {
  const judged = async (entry: Entry<F>): Promise<Entry<F>> => {
    if (entry.doubted || !gives(entry.fact)) return entry;
    const key = entryKey(entry.credential, entry.generation, entry.seq);
    const own = known.get(key) ?? (await signed(key, Buffer.from(canonicalJson(entry))));
    known.set(key, own);
    return own ? entry : { ...entry, doubted: true };
  };
  return { ...journal, entries: await Promise.all(journal.entries.map(judged)) };
}
