import type { Reported } from '../credential-kind.ts';
import type { Look, Sighting } from '../report/sighting.ts';
import { type JournalOf, NOTHING, type ReportWorld, sightEach } from '../report/world.ts';
import type { VpnPsk } from './terms.ts';

/**
 * Pre-shared keys are as old as the rotation that made them, counted from its beginning. AWS keeps no date of them, and
 * a look at the connection could show the keys themselves, so the report does not look.
 */
export async function look(
  world: ReportWorld,
  credentials: readonly Reported<VpnPsk>[],
  journalOf: JournalOf,
): Promise<Look> {
  const sightings = await sightEach(world, credentials, async ({ id }): Promise<Sighting> => {
    const word = await journalOf(id);
    if (word.kind === 'unknown') return word;
    const bornAt = word.kind === 'closed' ? word.openedAt : undefined;
    return { kind: 'seen', bornAt, by: 'the journal' };
  });
  return { ...NOTHING, sightings };
}
