import { Failure } from '@tenant-delivery/action-kit/failure';
import { isEnd, isPreApproved } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import { type ChangeAdmission, type ChangeHandle, isUnmoved, resumeChange } from './change.ts';
import { type EarlierChange, mendMarks, recentChanges } from './earlier-changes.ts';
import type { DeliveryWorld } from './world.ts';

/** Where a change is among those of its service that are planned, once it is planned itself. */
export type Place =
  | {
      readonly kind: 'newest';
      /** Older changes that it replaced. */
      readonly withdrawn: readonly string[];
      /** A change that deploys now, and is not ended by a plan. */
      readonly deploying: string | undefined;
    }
  /** Another change took its place: it is not put before anybody. */
  | { readonly kind: 'superseded'; readonly note: string };

/**
 * The newest planned change of a service withdraws the older ones that do not deploy yet, as one does that finds nothing to
 * change; and one that is older than another that is planned, deploys or was delivered withdraws itself. All look after they have recorded their plan, so of
 * two that plan at once at least one sees the other; and all agree on which is newer, so the newest is never withdrawn.
 * See docs/decisions/0024.
 */
export async function takePlace(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  change: ChangeHandle,
): Promise<Place> {
  const older: ChangeHandle[] = [];
  let newer: ChangeHandle | undefined;
  let deploying: string | undefined;
  const recent = await recentChanges(world, admission.target, change.id);
  await mendMarks(world, recent);
  for await (const other of othersInLine(world, admission, change, recent)) {
    if (other.state === 'deploying') deploying ??= other.id;
    if (!isNewer(other, change)) older.push(other);
    else if (!newer || isNewer(other, newer)) newer = other;
  }
  // a change that is approved by its kind waits for nobody: a rollback is never given up for the version that it replaces
  const unchanged = change.state === 'unchanged';
  if (newer && unchanged) return { kind: 'newest', withdrawn: [], deploying };
  if (newer && !isPreApproved(change.kind)) {
    const note = `${sayChange(newer)} was started later and is ${newer.state}.`;
    return (await withdraw(world, admission, change.id, note))
      ? { kind: 'superseded', note }
      : supersededNow(world, admission, change, note);
  }
  const withdrawn: string[] = [];
  for (const { id, kind } of older) {
    if (isPreApproved(kind)) continue;
    const is = unchanged ? 'finds the service as it is to be' : 'is planned';
    const note = `${sayChange(change)} was started later and ${is}; it took the place of this change.`;
    if (await withdraw(world, admission, id, note)) withdrawn.push(id);
  }
  const unmoved = recent.every((other) => endedBefore(other, change)) || (await isUnmoved(world, change));
  const now = unmoved ? change : await resumeChange(world, admission, change.id);
  return isEnd(now.state) && !unchanged
    ? supersededNow(world, admission, now, `It is ${now.state}.`)
    : { kind: 'newest', withdrawn, deploying };
}

/** Whether the other one had ended when this one was planned: then it has not taken its place since. */
function endedBefore({ state, at }: EarlierChange, { events }: ChangeHandle): boolean {
  return isEnd(state) && at < Date.parse(events.at(-1)?.occurredAt ?? '');
}

/** Of two changes, the one whose run started later; within one run, the later attempt. This orders all changes. */
function isNewer(
  one: Pick<ChangeHandle, 'id' | 'events'>,
  other: Pick<ChangeHandle, 'id' | 'events'>,
): boolean {
  const [a, b] = [rankOf(one), rankOf(other)];
  const at = a.findIndex((part, n) => part !== b[n]);
  return at >= 0 && String(a[at]) > String(b[at]);
}

/**
 * GitHub numbers runs in the order in which they start. An older push may build for longer and plan last.
 * Digits of one length compare as text. Assumes github-run-ids-grow.
 */
function rankOf({ id, events: [proposed] }: Pick<ChangeHandle, 'id' | 'events'>): readonly string[] {
  const { runId = '', runAttempt = 0 } = proposed?.run ?? {};
  return [runId.padStart(20, '0'), String(runAttempt).padStart(20, '0'), id];
}

/** The other changes that are planned, that deploy, or that were delivered while this one was on its way. */
async function* othersInLine(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  change: ChangeHandle,
  recent: readonly EarlierChange[],
): AsyncGenerator<ChangeHandle> {
  const [proposed] = change.events;
  for (const other of recent)
    if (mayBeInLine(other, proposed)) yield resumeChange(world, admission, other.id);
}

/**
 * A run that is repeated after a newer change was delivered is meant: somebody wants the older one back. A first attempt is
 * not, however late it comes.
 */
function mayBeInLine({ state, run, at }: EarlierChange, proposed: ChangeEvent | undefined): boolean {
  switch (state) {
    case 'planned':
    case 'approved':
    case 'deploying':
      return true;
    case 'verified':
    case 'closed':
    case 'unchanged':
      return (
        proposed !== undefined &&
        isLaterRun(run, proposed.run) &&
        (proposed.run.runAttempt === 1 || at >= Date.parse(proposed.occurredAt))
      );
    default:
      return false;
  }
}

function isLaterRun({ runId: a }: EarlierChange['run'], { runId: b }: EarlierChange['run']): boolean {
  return a.padStart(20, '0') > b.padStart(20, '0');
}

/** `false` when it deploys, or has ended, in the meantime. */
async function withdraw(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  id: string,
  note: string,
): Promise<boolean> {
  for (;;) {
    const change = await resumeChange(world, admission, id);
    if (change.state !== 'planned' && change.state !== 'approved') return false;
    try {
      await change.append('withdrawn', {
        decision: { result: 'deny', reasons: ['SUPERSEDED_BY_NEWER'], note },
      });
      return true;
    } catch (thrown) {
      // approved, or begun to deploy, since it was read: each time it is a step further
      if (!(thrown instanceof Failure && thrown.code === evidenceFailures.changeMoved.code)) throw thrown;
    }
  }
}

async function supersededNow(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  { id }: ChangeHandle,
  otherwise: string,
): Promise<Place> {
  const { events } = await resumeChange(world, admission, id);
  return { kind: 'superseded', note: events.at(-1)?.decision?.note ?? otherwise };
}

function sayChange({ id, events: [proposed] }: ChangeHandle): string {
  if (!proposed) return id;
  const { repository, runId, sha } = proposed.run;
  return `${id} (run ${runId} of ${repository}, commit ${sha.slice(0, 7)})`;
}
