import type { Clock } from '@tenant-delivery/action-kit/clock';
import { canonicalJson } from '@tenant-delivery/domain';
import type { Vault } from '@tenant-delivery/vault/ports';
import * as v from 'valibot';
import { parseJson } from './dsse.ts';
import { failures } from './failures.ts';
import { isHeldBy, iso, isSameRun, judgeClaim, type LockHolder, LockRecord, lockKey } from './lock-record.ts';

const TRIES = 20; // how often a race for the lock is run again before it counts as held

/** The right to deploy to one service, for a time. */
export interface Lock {
  readonly fence: number;
  /**
   * Proves that the lock is still ours and renews its lease; throws LOCK_LOST otherwise.
   * To be called right before each request that changes the service, and while waiting.
   */
  assertHeld(): Promise<void>;
  /** Gives the lock back. A lock that is somebody else's by now stays theirs. */
  release(): Promise<void>;
  /** Releases the lock while the change goes on. The next holder is told about the change. */
  releaseUnsettled(): Promise<void>;
  /** Settles the changes that were left for later when the lock was taken; throws LOCK_LOST when it is not ours any more. */
  settleRest(settle: (change: string) => Promise<void>): Promise<void>;
}

export interface LockPlace {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly environment: string;
  readonly service: string;
  /** Milliseconds that a holder may be silent. */
  readonly lease: number;
}

/**
 * Takes the lock of a service, or throws LOCK_HELD with who has it, since when and until when.
 * Taking it again in the same run renews it. `settle` records the end of a change whose lease ran out, or that was handed
 * on before; the lock remembers such changes until it has answered, and on if it answered `later`, so that a crash forgets none.
 */
export async function takeLock(
  place: LockPlace,
  holder: LockHolder,
  settle: (change: string, since: 'now' | 'before') => Promise<unknown>,
): Promise<Lock> {
  const { known, ...taken } = await claim(place, holder);
  const lock = held(place, holder, taken);
  const { unsettled } = taken.record;
  const left: string[] = [];
  for (const change of unsettled) {
    const since = known.includes(change) ? 'before' : 'now';
    if ((await settle(change, since)) === 'later') left.push(change);
  }
  if (left.length < unsettled.length) await lock.settled(left);
  return lock;
}

/** The lock record, no matter who holds the lock; `undefined` if nobody ever took it. */
export async function lookAtLock(place: Omit<LockPlace, 'lease' | 'clock'>): Promise<LockRecord | undefined> {
  return (await readLock(place))?.record;
}

/** Whether any attempt of this run holds the lock for this change, and nobody has taken it since. */
export async function holdsLock(place: LockPlace, holder: LockHolder): Promise<boolean> {
  const found = await readLock(place);
  return found !== undefined && isSameRun(found.record, holder);
}

/** Gives back the lock if this run still holds it; `false` when it holds none. */
export async function releaseLock(place: LockPlace, holder: LockHolder): Promise<boolean> {
  const lock = await ownLock(place, holder);
  return (await lock?.giveBack([])) ?? false;
}

/**
 * As above for a change that goes on without the lock: the next holder is told about it, and records its end
 * before the service changes.
 */
export async function releaseLockUnsettled(place: LockPlace, holder: LockHolder): Promise<boolean> {
  const lock = await ownLock(place, holder);
  return (await lock?.giveBack([holder.change])) ?? false;
}

async function ownLock(place: LockPlace, holder: LockHolder) {
  const found = (await ownWriting(place, holder)) ?? (await readLock(place));
  return found && isHeldBy(found.record, holder) ? held(place, holder, found) : undefined;
}

/**
 * The lock as this job wrote it last, if the holder had it then. The vault need not be asked first: a write that renews the
 * lock or gives it back only succeeds if nobody has written since.
 */
async function ownWriting(place: LockPlace, holder: LockHolder): Promise<Held | undefined> {
  const written = await place.vault.written?.(lockKey(place.environment, place.service));
  const record = written && v.safeParse(LockRecord, parseJson(written.bytes));
  return record?.success && isHeldBy(record.output, holder)
    ? { record: record.output, version: written?.version ?? '' }
    : undefined;
}

interface Held {
  readonly record: LockRecord;
  readonly version: string;
}

/** The lock, and the changes that were unsettled before it was claimed. */
async function claim(
  place: LockPlace,
  holder: LockHolder,
): Promise<Held & { readonly known: readonly string[] }> {
  let own = await ownWriting(place, holder);
  for (let tries = 1; ; tries += 1) {
    const found = own ?? (await readLock(place));
    own = undefined;
    const claimed = judgeClaim(found?.record, holder, place.clock.now(), place.lease);
    if (claimed.kind === 'refuse') throw heldFailure(place, claimed.held);
    const written = await write(place, claimed.record, found?.version);
    const known = found?.record.unsettled ?? [];
    if (written !== 'lost') return { record: claimed.record, version: written.version, known };
    if (tries >= TRIES && found) throw heldFailure(place, found.record);
  }
}

function held(
  place: LockPlace,
  holder: LockHolder,
  taken: Held,
): Lock & {
  settled(left: readonly string[]): Promise<void>;
  /** `false` when it is not ours any more. The next holder is told about the `unsettled` changes. */
  giveBack(unsettled: readonly string[]): Promise<boolean>;
} {
  let { record, version } = taken;

  /** Writes what the lock says next; `false` when it is not ours any more. */
  const change = async (next: (now: LockRecord) => LockRecord): Promise<boolean> => {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const wanted = next(record);
      const written = await write(place, wanted, version);
      if (written !== 'lost') {
        record = wanted;
        version = written.version;
        return true;
      }
      const now = await readLock(place);
      if (!now || now.record.fence !== record.fence || !isHeldBy(now.record, holder)) return false;
      ({ record, version } = now); // our own earlier write, whose answer was lost
    }
    return false;
  };
  const settled = async (left: readonly string[]) => {
    if (!(await change((now) => ({ ...now, unsettled: [...left] })))) throw await lostFailure(place);
  };
  const giveBack = (unsettled: readonly string[]) =>
    change((now) => ({
      ...now,
      holder: null,
      until: iso(place.clock.now()),
      unsettled: [...new Set([...now.unsettled, ...unsettled])],
    }));
  return {
    fence: record.fence,
    assertHeld: async () => {
      const renewed = await change((now) => ({ ...now, until: iso(place.clock.now() + place.lease) }));
      if (!renewed) throw await lostFailure(place);
    },
    settled,
    giveBack,
    settleRest: async (settle) => {
      const rest = record.unsettled;
      for (const each of rest) await settle(each);
      if (rest.length > 0) await settled([]);
    },
    release: async () => {
      await giveBack([]);
    },
    releaseUnsettled: async () => {
      await giveBack([holder.change]);
    },
  };
}

async function readLock({
  vault,
  environment,
  service,
}: Pick<LockPlace, 'vault' | 'environment' | 'service'>): Promise<Held | undefined> {
  const key = lockKey(environment, service);
  const stored = await vault.read(key);
  if (!stored) return undefined;
  const parsed = v.safeParse(LockRecord, parseJson(stored.bytes));
  if (!parsed.success) throw failures.documentAltered('lock', key, 'is not a lock that this release reads');
  return { record: parsed.output, version: stored.version };
}

async function write(
  { vault, environment, service }: LockPlace,
  record: LockRecord,
  ifVersion: string | undefined,
): Promise<{ readonly version: string } | 'lost'> {
  const key = lockKey(environment, service);
  const bytes = Buffer.from(canonicalJson(record));
  const written = await (ifVersion === undefined
    ? vault.create(key, bytes)
    : vault.replace(key, bytes, ifVersion));
  return typeof written === 'string' ? 'lost' : written;
}

async function lostFailure(place: LockPlace): Promise<Error> {
  const now = await readLock(place);
  return failures.lockLost(place.service, now?.record.holder ? describe(now.record) : 'nobody holds it');
}

function heldFailure({ service }: LockPlace, record: LockRecord): Error {
  return failures.lockHeld(service, describe(record), record.since, record.until);
}

function describe({ holder, fence }: LockRecord): string {
  if (!holder) return 'nobody';
  const { change, repository, runId, runAttempt } = holder;
  return `${change} (${repository}, run ${runId}, attempt ${runAttempt}, number ${fence})`;
}
