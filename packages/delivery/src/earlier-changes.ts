import type { ChangeState } from '@tenant-delivery/domain';
import {
  type ChangeEvent,
  eventKey,
  eventPrefix,
  failures,
  judgeHome,
  type Place,
  readEvent,
} from '@tenant-delivery/evidence';
import { timeOf } from './change-id.ts';
import type { AdmissionWorld } from './world.ts';

/** A change of a service as its newest event tells it; the signature of that event was verified. */
export interface EarlierChange {
  readonly id: string;
  readonly state: ChangeState;
  /** The newest event. */
  readonly event: ChangeEvent;
}

const AT_ONCE = 16; // objects read side by side
/** Milliseconds: longer than a change can stay open. A run ends after 35 days ("Usage limits" of GitHub Actions). */
export const LONGEST_CHANGE = 45 * 24 * 3_600_000;

/** The changes of one service, newest proposal first. Reads as far as it is asked to go on. */
export async function* earlierChanges(
  { vault, trust }: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
): AsyncGenerator<EarlierChange> {
  const prefix = eventPrefix(place, '').replace(/\/$/, '');
  const newest = new Map<string, string>();
  for (const key of await vault.list(prefix)) {
    const [id = ''] = key.slice(prefix.length).split('/');
    newest.set(id, key); // keys are sorted, so the last of a change stays
  }
  const ordered = [...newest].reverse();
  for (let from = 0; from < ordered.length; from += AT_ONCE) {
    const read = ordered.slice(from, from + AT_ONCE).map(async ([id, key]): Promise<EarlierChange> => {
      const stored = await vault.read(key);
      if (!stored) throw failures.evidenceBroken(id, [`${key} was listed and is gone`]);
      const reading = readEvent(stored.bytes, trust);
      if (reading.kind === 'broken') throw failures.evidenceBroken(id, reading.problems);
      const misplaced = [
        ...judgeHome(place, id, reading.event),
        ...(eventKey(place, id, reading.event.seq) === key ? [] : ['has another number than its place']),
      ];
      if (misplaced.length > 0)
        throw failures.evidenceBroken(
          id,
          misplaced.map((problem) => `${key} ${problem}`),
        );
      return { id, state: reading.event.transition.to, event: reading.event };
    });
    yield* await Promise.all(read);
  }
}

/**
 * Every change of the service that touched what runs, latest touch first, as far back as it takes to be sure of the
 * latest that was closed.
 */
export async function deployedChanges(
  world: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
): Promise<readonly EarlierChange[]> {
  const found: EarlierChange[] = [];
  let closed = Number.NEGATIVE_INFINITY;
  for await (const change of earlierChanges(world, place)) {
    if (timeOf(change.id) < closed - LONGEST_CHANGE) break;
    if (!touchedTheService(change)) continue;
    found.push(change);
    if (change.state === 'closed') closed = Math.max(closed, Date.parse(change.event.occurredAt));
  }
  return found.toSorted((a, b) => Date.parse(b.event.occurredAt) - Date.parse(a.event.occurredAt));
}

function touchedTheService({ state, event }: EarlierChange): boolean {
  if (state === 'abandoned') return event.transition.from === 'deploying';
  return ['deploying', 'verified', 'closed', 'failed', 'rolled-back'].includes(state);
}
