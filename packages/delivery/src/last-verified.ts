import type { ChangeState } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { loadChange, type Place } from '@tenant-delivery/evidence/record';
import { deployedChanges } from './earlier-changes.ts';
import type { PastRecord } from './past-listing.ts';

/** The change that brought the version which was verified last, by its whole record. */
export async function lastVerified(
  record: PastRecord,
  place: Place,
  except?: string,
): Promise<{ readonly id: string; readonly events: readonly ChangeEvent[] } | undefined> {
  for await (const { id, state } of deployedChanges(record, place, except)) {
    if (!isVerified(state)) continue;
    const events = await loadChange(record.vault, record.trust, place, id);
    if (isVerified(events.at(-1)?.transition.to)) return { id, events };
  }
  return undefined;
}

/** Whether a change brought what it was to bring, and nothing was found wrong with it later. */
export function isVerified(state: ChangeState | undefined): boolean {
  return state === 'verified' || state === 'closed';
}
