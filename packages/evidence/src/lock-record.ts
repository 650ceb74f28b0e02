import { instant } from '@tenant-delivery/action-kit/instant';
import { CHANGE_ID } from '@tenant-delivery/domain';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const changeId = v.pipe(v.string(), v.regex(CHANGE_ID));

/** A rotation that changes a service holds its lock for the moments of one request; its end is in its own journal. */
const ROTATION = /^rot_[a-z][a-z0-9-]{1,39}$/;

/** Whether a rotation has the lock, and no delivery. */
export function isRotation({ change }: Pick<LockHolder, 'change'>): boolean {
  return ROTATION.test(change);
}

const Holder = v.strictObject({
  change: v.union([changeId, v.pipe(v.string(), v.regex(ROTATION))]),
  repository: text,
  repositoryId: text,
  runId: text,
  runAttempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** What `locks/<environment>/<service>.json` holds. */
export const LockRecord = v.strictObject({
  schemaVersion: v.literal(1),
  /** Grows each time that the lock changes hands; an older number has lost it. */
  fence: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** `null`: nobody. */
  holder: v.nullable(Holder),
  since: instant(),
  /** The end of the lease: after it, anybody may take the lock. */
  until: instant(),
  /**
   * Changes that no longer hold the lock and whose end is not recorded yet: their lease ended, they bake, or they wait at
   * a pause. The next holder of the lock records their end before the service changes.
   */
  unsettled: v.array(changeId),
});
export type LockRecord = Readonly<v.InferOutput<typeof LockRecord>>;
export type LockHolder = Readonly<v.InferOutput<typeof Holder>>;

export function lockKey(environment: string, service: string): string {
  return `locks/${environment}/${service}.json`;
}

export function isHeldBy(record: LockRecord, holder: LockHolder): boolean {
  const { holder: has } = record;
  return isSameRun(record, holder) && has?.runAttempt === holder.runAttempt;
}

/** The same change in the same run, in whatever attempt: GitHub begins an attempt only when the one before has ended. */
export function isSameRun({ holder: has }: LockRecord, holder: LockHolder): boolean {
  return (
    has?.change === holder.change && has.repositoryId === holder.repositoryId && has.runId === holder.runId
  );
}

export type LockClaim =
  | { readonly kind: 'take'; readonly record: LockRecord }
  | { readonly kind: 'refuse'; readonly held: LockRecord };

/** Whether `holder` may have the lock at `now`, and the lock record that follows. `found` is the record before. */
export function judgeClaim(
  found: LockRecord | undefined,
  holder: LockHolder,
  now: number,
  lease: number,
): LockClaim {
  const fresh = { since: iso(now), until: iso(now + lease) };
  if (!found) {
    return { kind: 'take', record: { schemaVersion: 1, fence: 1, holder, ...fresh, unsettled: [] } };
  }
  if (isHeldBy(found, holder)) return { kind: 'take', record: { ...found, until: fresh.until } };
  const others = found.unsettled.filter((change) => change !== holder.change); // it is at work itself
  const next = { ...found, fence: found.fence + 1, holder, ...fresh, unsettled: others };
  if (found.holder === null || isSameRun(found, holder)) return { kind: 'take', record: next };
  if (now < Date.parse(found.until)) return { kind: 'refuse', held: found };
  const { change } = found.holder;
  const ended = change === holder.change || isRotation({ change });
  const unsettled = [...new Set([...others, ...(ended ? [] : [change])])];
  return { kind: 'take', record: { ...next, unsettled } };
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
