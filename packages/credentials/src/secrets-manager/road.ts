import type { Station } from '@tenant-delivery/rotation/plan';
import type { SecretsManagerPolicy } from './policy.ts';
import { type Progress, roundOf } from './progress.ts';
import { currentOf, type Snapshot } from './snapshot.ts';

/** The stations that are left, each with the earliest time at which it can be reached. */
export function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: SecretsManagerPolicy,
  now: number,
): readonly Station[] {
  const open = progress && !progress.closed ? progress : undefined;
  const made = seen.secret.kind === 'usable' ? currentOf(seen.secret)?.createdAt : undefined;
  const due = open || policy.wish ? now : Math.max(now, (made ?? now) + policy.maxAge);
  const urgent = open?.compromised ?? policy.wish === 'compromise';
  const earliest = Math.max(due, urgent ? 0 : (policy.closedUntil ?? 0));
  const touches = seen.services.map(({ id }) => id);
  const station = (what: string, ids: readonly string[] = []): Station => ({ what, earliest, touches: ids });
  const bring = station('deploy it, and have every task show it', touches);
  const drain = station('see the last task of the old value end', touches);
  if (policy.strategy === 'provider-set') {
    const round = open && roundOf(open);
    return [
      ...(open ? [] : [station('the owner stages a new value as TDPENDING')]),
      ...(round?.promotedAt === undefined ? [bring, station('make it the current value')] : []),
      ...(round?.drained ? [] : [drain]),
      station('the owner revokes the old value upstream'),
    ];
  }
  const twice = policy.strategy === 'alternating-users' && urgent && !open;
  const once = [station('have the rotation function make a value'), bring, drain];
  const round = open && roundOf(open);
  const here = round && round.promotedAt !== undefined ? (round.drained ? [] : [bring, drain]) : once;
  const more = open ? open.ahead.length : twice ? 1 : 0;
  return [...here, ...Array.from({ length: more }, () => once).flat()];
}
