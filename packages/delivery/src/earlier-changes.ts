import { isEnd } from '@tenant-delivery/domain';
import { numberAfter } from '@tenant-delivery/evidence/chain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { eventAt, newestEvent } from '@tenant-delivery/evidence/newest-event';
import { type EndedChange, markEnded, readMark } from '@tenant-delivery/evidence/past-marks';
import { loadChange, type Place } from '@tenant-delivery/evidence/record';
import { deployedFolders, endedAmong, type PastRecord, recentIds, unmarkedIds } from './past-listing.ts';
import type { DeliveryWorld } from './world.ts';

/** A change of a service as its mark proves it, or as its newest event says. */
export interface EarlierChange extends EndedChange {
  /** The newest event of a change that was read, because no mark proves that it ended. */
  readonly event?: ChangeEvent;
}

const AT_ONCE = 16; // changes that are read side by side

/**
 * The latest changes of a service, newest proposal first. A listing finds them; only those are read that no mark proves
 * to have ended (docs/decisions/0032).
 */
export async function recentChanges(
  record: PastRecord,
  place: Place,
  except?: string,
): Promise<readonly EarlierChange[]> {
  return (await look(record, place, except)).recent;
}

async function look(record: PastRecord, place: Place, except: string | undefined) {
  const { ids, whole } = await recentIds(record, place);
  const others = ids.filter((id) => id !== except);
  const ended = await endedAmong(record, place, others);
  const read = async (id: string) => ended.get(id) ?? (await readChange(record, place, id));
  const recent: EarlierChange[] = [];
  for await (const change of inBatches(others, read)) recent.push(change);
  return { recent, whole };
}

const MENDED = 16; // marks that one job writes in the place of others: the next one goes on

/** Marks changes that ended without a mark, as far as this job's key is believed: each later search reads so many fewer. */
export async function mendMarks(
  { vault, trust, signer }: Pick<DeliveryWorld, 'vault' | 'trust' | 'signer'>,
  changes: readonly EarlierChange[],
): Promise<void> {
  const unmarked = changes
    .flatMap(({ event }) => event ?? [])
    .filter(({ transition }) => isEnd(transition.to));
  const mended = unmarked.slice(0, MENDED).map(async ({ change }) => {
    await markEnded(vault, await signer, await loadChange(vault, trust, change, change.id));
  });
  await Promise.allSettled(mended); // a change without a mark is read again, and a broken record fails where it is used
}

/**
 * Every change of the service that began to deploy, the latest deployment first, as far as it is asked to go on. One whose
 * marks were lost is found among the latest changes, or when nothing marked is left.
 */
export async function* deployedChanges(
  record: PastRecord,
  place: Place,
  except?: string,
): AsyncGenerator<EarlierChange> {
  const { recent, whole } = await look(record, place, except);
  const known = new Map(recent.map((change) => [change.id, change]));
  const told = new Set<string>();
  const first = (change: EarlierChange) => {
    const again = told.has(change.id) || change.id === except;
    told.add(change.id);
    return !again;
  };
  const lost = recent.filter(wasDeployed).toSorted(latestFirst);
  if (whole) return yield* lost;
  for await (const marked of markedChanges(record, place, known)) {
    const before = lost.findIndex((change) => latestFirst(change, marked) >= 0);
    yield* lost.splice(0, before < 0 ? lost.length : before).filter(first);
    if (first(marked)) yield marked;
  }
  yield* lost.filter(first);
  const rest = await unmarkedIds(record, place, new Set([...known.keys(), ...told]));
  const read = inBatches(rest, (id) => readChange(record, place, id));
  for await (const change of read) if (wasDeployed(change) && first(change)) yield change;
}

type Deployed = EarlierChange & { readonly deployedAt: number };

function wasDeployed(change: EarlierChange): change is Deployed {
  return change.deployedAt !== undefined;
}

function latestFirst(a: Deployed, b: Deployed): number {
  return b.deployedAt - a.deployedAt;
}

/** What the marks of deployments lead to. A mark that no record bears out leads nowhere. */
async function* markedChanges(
  record: PastRecord,
  place: Place,
  known: ReadonlyMap<string, EarlierChange>,
): AsyncGenerator<Deployed> {
  const asked = new Map<string, Promise<EarlierChange | undefined>>();
  const read = (id: string) => {
    const reading = asked.get(id) ?? readChange(record, place, id);
    asked.set(id, reading);
    return reading;
  };
  const borneOut = async (keys: readonly string[]): Promise<Deployed | undefined> => {
    const trust = await record.trust;
    const marks = keys.flatMap((key) => readMark(key, place, trust) ?? []);
    const ended = marks.flatMap((mark) => (mark.kind === 'ended' ? [mark.change] : [])).find(wasDeployed);
    if (ended) return ended;
    const [begun] = marks.flatMap((mark) => (mark.kind === 'begun' ? [mark] : []));
    const change = begun && (known.get(begun.id) ?? (await read(begun.id)));
    return change && wasDeployed(change) && change.deployedAt === begun?.deployedAt ? change : undefined;
  };
  for await (const folders of deployedFolders(record, place)) yield* inBatches(folders, borneOut);
}

/** `undefined` when there is no such change. */
async function readChange(record: PastRecord, place: Place, id: string): Promise<EarlierChange | undefined> {
  const event = await newestEvent(record, place, id);
  if (!event) return undefined;
  const { change, transition, occurredAt, subject, run } = event;
  return {
    id,
    kind: change.kind,
    state: transition.to,
    at: Date.parse(occurredAt),
    deployedAt: await deployedAt(record, place, event),
    image: subject.digest.sha256,
    run,
    event,
  };
}

async function deployedAt(record: PastRecord, place: Place, event: ChangeEvent): Promise<number | undefined> {
  const { from, to } = event.transition;
  if (to === 'deploying') return Date.parse(event.occurredAt);
  const next = numberAfter(event.change.kind, 'deploying');
  if ((from !== 'deploying' && from !== 'verified') || next === undefined) return undefined;
  const deploying = await eventAt(record, place, event.change.id, next - 1);
  return Date.parse(deploying.occurredAt);
}

/** The results that there are, in order; so many are worked on at once. */
async function* inBatches<T, Result>(
  all: readonly T[],
  work: (each: T) => Promise<Result | undefined>,
): AsyncGenerator<Result> {
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const done = await Promise.all(all.slice(from, from + AT_ONCE).map(work));
    for (const result of done) if (result !== undefined) yield result;
  }
}
