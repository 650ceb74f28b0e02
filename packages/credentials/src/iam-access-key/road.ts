import { consumerProgress } from '@tenant-delivery/rotation/distribution/progress';
import { cadencesOf } from '@tenant-delivery/rotation/distribution/sight';
import type { Station } from '@tenant-delivery/rotation/plan';
import { noUseWindow } from '@tenant-delivery/rotation/policy';
import { FORENSICS, type IamAccessKeyPolicy } from './policy.ts';
import type { Progress } from './progress.ts';
import type { Snapshot } from './snapshot.ts';

/** The stations that are left, each with the earliest time at which it can be reached. */
export function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: IamAccessKeyPolicy,
  now: number,
): readonly Station[] {
  const stations: Station[] = [];
  const add = (what: string, earliest: number, touches: readonly string[] = []) =>
    stations.push({ what, earliest: Math.max(earliest, now), touches });
  const ids = seen.consumers.map(({ id }) => id);
  const cur = seen.escrow.kind === 'usable' ? seen.escrow.current?.key : undefined;
  const old = progress
    ? progress.opened.old
    : (seen.keys.find((key) => key.fingerprint === cur) ?? seen.keys[0]);
  const urgent = progress ? progress.compromised : policy.wish === 'compromise';
  const made = typeof old === 'object' ? old?.createdAt : undefined;
  const begin = progress || policy.wish ? now : Math.max(now, (made ?? now) + policy.maxAge);
  const begun = Math.max(begin, urgent ? 0 : (policy.closedUntil ?? 0));

  if (!progress?.created) add('make a key and put it into escrow', begun);
  if (progress?.provedAt === undefined) add('prove the stored key', begun);
  const attested = ids.filter((id) => !progress || !consumerProgress(progress, id).attested);
  if (attested.length > 0) add('bring the key to its consumers and have each show it', begun, attested);
  const turned = ids.filter((id) => !progress || consumerProgress(progress, id).pointedAt === undefined);
  if (progress?.promotedAt === undefined) add('turn the consumers to the new key', begun, turned);
  if (!old) return stations;
  const drain = urgent ? 0 : noUseWindow(policy, cadencesOf(seen.consumers));
  const disabledAt =
    progress && progress.disabled.length > progress.returned.length ? progress.disabled.at(-1) : undefined;
  const disabling = disabledAt ?? Math.max(begun, progress?.cutOverAt ?? begun) + drain;
  if (disabledAt === undefined) add('disable the old key', disabling, ids);
  if (!progress?.deleted) add('delete the old key', disabling + (urgent ? FORENSICS : policy.grace), ids);
  return stations;
}
