import type { Vault } from '@tenant-delivery/vault/ports';
import { type Place, readEnvelopes } from './record.ts';

/** All envelopes of a change as they are stored, one a line: an `.intoto.jsonl` file that verifies offline. */
export async function exportChange(vault: Vault, place: Place, change: string): Promise<string> {
  const envelopes = await readEnvelopes(vault, place, change);
  return envelopes.map((bytes) => `${Buffer.from(bytes).toString()}\n`).join('');
}
