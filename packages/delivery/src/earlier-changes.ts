import type { ChangeState } from '@tenant-delivery/domain';
import { readEvent } from '@tenant-delivery/evidence/chain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { failures } from '@tenant-delivery/evidence/failures';
import { eventKey, eventPrefix, judgeHome, type Place } from '@tenant-delivery/evidence/record';
import { firstIdAt, timeOf } from './change-id.ts';
import type { AdmissionWorld } from './world.ts';

/** A change of a service as its newest event tells it; the signature of that event was verified. */
export interface EarlierChange {
  readonly id: string;
  readonly state: ChangeState;
  /** The newest event. */
  readonly event: ChangeEvent;
}

/** Changes that a search for open ones goes back: each delivery looks, so an older open one was seen open by many. */
export const LOOK_BACK = 200;

const AT_ONCE = 16; // objects read side by side
/** Milliseconds: longer than a change can stay open. A run ends after 35 days ("Usage limits" of GitHub Actions). */
export const LONGEST_CHANGE = 45 * 24 * 3_600_000;

/**
 * How far back listings go, in milliseconds: a service has thousands of events by and by, and its latest changes are
 * what is asked for. Each goes further than the one before, the last one to the beginning.
 */
const WINDOWS = [60, 240, 960].map((days) => days * 24 * 3_600_000);

/**
 * The changes of one service, newest proposal first. Reads as far as it is asked to go on; `enough` says whether
 * changes that were proposed before a time are still asked for.
 */
export async function* earlierChanges(
  { vault, trust, clock }: Pick<AdmissionWorld, 'vault' | 'trust' | 'clock'>,
  place: Place,
  enough: (before: number) => boolean = () => false,
): AsyncGenerator<EarlierChange> {
  const now = clock.now();
  const home = eventPrefix(place, '').replace(/\/$/, '');
  let until: string | undefined;
  for (const window of [...WINDOWS, Number.POSITIVE_INFINITY]) {
    const from = now - window;
    const after = Number.isFinite(from) ? `${home}${firstIdAt(from)}` : undefined;
    const keys = await vault.list(home, after);
    const end = until;
    yield* changesAt({ vault, trust }, place, end === undefined ? keys : keys.filter((key) => key < end));
    if (enough(from)) return;
    until = after;
  }
}

/** The changes with these keys of events, newest proposal first. */
async function* changesAt(
  { vault, trust }: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
  keys: readonly string[],
): AsyncGenerator<EarlierChange> {
  const prefix = eventPrefix(place, '').replace(/\/$/, '');
  const newest = new Map<string, string>();
  for (const key of keys) {
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
  world: Pick<AdmissionWorld, 'vault' | 'trust' | 'clock'>,
  place: Place,
): Promise<readonly EarlierChange[]> {
  const found: EarlierChange[] = [];
  let closed = Number.NEGATIVE_INFINITY;
  const enough = (before: number) => before <= closed - LONGEST_CHANGE;
  for await (const change of earlierChanges(world, place, enough)) {
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
