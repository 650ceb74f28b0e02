import type { Vault } from '@tenant-delivery/vault/ports';
import { numberAfter, readEvent } from './chain.ts';
import type { ChangeEvent } from './change-event.ts';
import { failures } from './failures.ts';
import { eventKey, eventPrefix, judgeHome, type Place } from './record.ts';
import type { TrustFile } from './trust.ts';

interface Record {
  readonly vault: Vault;
  readonly trust: TrustFile | Promise<TrustFile>;
  /** Further keys that are believed; asked for only if `trust` is not enough. */
  readonly agreed?: () => Promise<TrustFile>;
}

/**
 * The newest event of a change, by its own signature and place; the events before it are not read. A key that may sign a
 * step could say that the change was elsewhere before, but not at another number than that of the step. `undefined` when
 * there is no such change.
 */
export async function newestEvent(
  record: Record,
  place: Place,
  change: string,
): Promise<ChangeEvent | undefined> {
  const seq = (await record.vault.list(eventPrefix(place, change))).length - 1;
  return seq < 0 ? undefined : eventAt(record, place, change, seq);
}

/** One event of a change by its number, believed as far as its signature and its place say. Throws EVIDENCE_BROKEN. */
export async function eventAt(
  { vault, trust, agreed }: Record,
  place: Place,
  change: string,
  seq: number,
): Promise<ChangeEvent> {
  const key = eventKey(place, change, seq);
  const broken = (...problems: readonly string[]) =>
    failures.evidenceBroken(
      change,
      problems.map((problem) => `${key} ${problem}`),
    );
  const stored = await vault.read(key);
  if (!stored) throw broken('is not there, though others of the change are');
  const known = readEvent(stored.bytes, await trust);
  const reading = known.kind === 'broken' && agreed ? readEvent(stored.bytes, await agreed()) : known;
  if (reading.kind === 'broken') throw broken(...reading.problems);
  const { event } = reading;
  const from = event.transition.from;
  const problems = [
    ...judgeHome(place, change, event),
    ...(event.seq === seq ? [] : ['has another number than its place']),
    ...(numberAfter(event.change.kind, from) === seq
      ? []
      : [`leaves ${from ?? 'nothing'}, which no ${event.change.kind} does with its event ${seq}`]),
  ];
  if (problems.length > 0) throw broken(...problems);
  return event;
}
