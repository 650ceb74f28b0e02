import { CHANGE_ID, DAY } from '@tenant-delivery/domain';
import {
  deployedMarks,
  type EndedChange,
  endedMarks,
  markedId,
  readMark,
} from '@tenant-delivery/evidence/past-marks';
import { eventPrefix, type Place } from '@tenant-delivery/evidence/record';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { ListShape } from '@tenant-delivery/vault/ports';
import { firstIdAt, timeOf } from './change-id.ts';
import type { AdmissionWorld } from './world.ts';

/** What a search for past changes reads. */
export type PastRecord = Pick<AdmissionWorld, 'vault' | 'trust' | 'clock'>;

/** Changes that a search for open ones goes back: each delivery looks, so an older open one was seen open by many. */
const LOOK_BACK = 200;

/** Milliseconds: longer than a change can stay open. A run ends after 35 days ("Usage limits" of GitHub Actions). */
export const LONGEST_CHANGE = 45 * DAY;

const PAGE = 1_000; // entries that one request lists
const MARKS = 2 * LOOK_BACK + 100; // keys of marks at once: a change that was deployed has two

/** Ids of the service's latest changes, newest first and at most LOOK_BACK; `whole` when there are no others. */
export async function recentIds(
  record: PastRecord,
  place: Place,
): Promise<{ readonly ids: readonly string[]; readonly whole: boolean }> {
  const all = await idsSince(record, place, 0, { first: PAGE });
  const [eldest] = all;
  if (eldest === undefined || all.length < PAGE) return { ids: newest(all), whole: all.length <= LOOK_BACK };
  const now = record.clock.now();
  for (let window = 3 * DAY; ; window *= 4) {
    const ids = await idsSince(record, place, now - window);
    if (ids.length >= LOOK_BACK || now - window < timeOf(eldest)) return { ids: newest(ids), whole: false };
  }
}

/** Ids of the changes of LONGEST_CHANGE that no mark proves to have ended, newest first. */
export async function unmarkedIds(
  record: PastRecord,
  place: Place,
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const since = record.clock.now() - LONGEST_CHANGE;
  const prefix = endedMarks(place);
  const [ids, marks] = await Promise.all([
    idsSince(record, place, since),
    record.vault.list(prefix, `${prefix}${firstIdAt(since)}`),
  ]);
  const unknown = new Set(ids.filter((id) => !known.has(id)));
  const ended = provenAmong(await record.trust, place, unknown, marks);
  return [...unknown].filter((id) => !ended.has(id)).reverse();
}

/** How these changes ended, for each that has a mark to prove it. */
export async function endedAmong(
  record: PastRecord,
  place: Place,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EndedChange>> {
  const oldest = ids.at(-1);
  if (oldest === undefined) return new Map();
  const ended = endedMarks(place);
  const marks = await Promise.all([
    record.vault.list(ended, `${ended}${oldest}`),
    record.vault.list(deployedMarks(place), undefined, { first: MARKS }),
  ]);
  return provenAmong(await record.trust, place, new Set(ids), marks.flat());
}

/** The folders of marks of changes that began to deploy, the latest first: each with the keys in it. */
export async function* deployedFolders(
  { vault }: PastRecord,
  place: Place,
): AsyncGenerator<readonly (readonly string[])[]> {
  const prefix = deployedMarks(place);
  let keys: readonly string[] = [];
  do {
    keys = await vault.list(prefix, keys.at(-1), { first: MARKS });
    yield [...Map.groupBy(keys, (key) => key.slice(0, key.indexOf('/', prefix.length))).values()];
  } while (keys.length === MARKS);
}

async function idsSince(
  { vault }: PastRecord,
  place: Place,
  since: number,
  shape?: ListShape,
): Promise<readonly string[]> {
  const home = eventPrefix(place, '').slice(0, -1);
  const folders = await vault.list(home, since > 0 ? `${home}${firstIdAt(since)}` : undefined, {
    folders: true,
    ...shape,
  });
  const ids = folders.map((folder) => folder.slice(home.length).split('/')[0] ?? '');
  return [...new Set(ids)].filter((id) => CHANGE_ID.test(id));
}

function newest(ids: readonly string[]): readonly string[] {
  return ids.slice(-LOOK_BACK).reverse();
}

/** A change with two marks that say different things has none. */
function provenAmong(
  trust: TrustFile,
  place: Place,
  ids: ReadonlySet<string>,
  keys: readonly string[],
): ReadonlyMap<string, EndedChange> {
  const proven = new Map<string, EndedChange>();
  const doubtful = new Set<string>();
  for (const key of keys) {
    const id = markedId(key, place);
    const mark = id !== undefined && ids.has(id) ? readMark(key, place, trust) : undefined;
    if (mark?.kind !== 'ended') continue;
    const before = proven.get(mark.change.id);
    if (before && JSON.stringify(before) !== JSON.stringify(mark.change)) doubtful.add(mark.change.id);
    proven.set(mark.change.id, mark.change);
  }
  for (const id of doubtful) proven.delete(id);
  return proven;
}
