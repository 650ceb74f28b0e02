import { consumerProgress } from '@tenant-delivery/rotation/distribution/progress';
import { cadencesOf } from '@tenant-delivery/rotation/distribution/sight';
import type { Station } from '@tenant-delivery/rotation/plan';
import { noUseWindow } from '@tenant-delivery/rotation/policy';
import type { Snapshot } from './observe.ts';
import { AFTERMATH, type GithubDeployKeyPolicy } from './policy.ts';
import type { Progress } from './progress.ts';

/** The stations that are left, each with the earliest time at which it can be reached. */
export function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: GithubDeployKeyPolicy,
  now: number,
): readonly Station[] {
  const stations: Station[] = [];
  const add = (what: string, earliest: number, touches: readonly string[] = []) =>
    stations.push({ what, earliest: Math.max(earliest, now), touches });
  const ids = seen.consumers.map(({ id }) => id);
  const cur = seen.escrow.kind === 'usable' ? seen.escrow.current?.key : undefined;
  const old = seen.keys === 'absent' ? undefined : seen.keys.find(({ fingerprint }) => fingerprint === cur);
  const urgent = progress ? progress.compromised : policy.wish === 'compromise';
  const due = progress || policy.wish || !old ? now : old.createdAt + policy.maxAge;
  const begun = Math.max(due, urgent ? 0 : (policy.closedUntil ?? 0));
  if (!progress?.created) add('make a key and put its private half into escrow', begun);
  if (progress?.registeredAt === undefined) add('add its public half to the repository', begun);
  const unattested = ids.filter((id) => !progress || !consumerProgress(progress, id).attested);
  if (unattested.length > 0) add('bring the key to its consumers and have each show it', begun, unattested);
  if (progress?.promotedAt === undefined) add('turn the consumers to the new key', begun, ids);
  if (progress ? progress.opened.old === null : !old) return stations;
  const drain = urgent ? 0 : noUseWindow(policy, cadencesOf(seen.consumers));
  const away = progress && progress.deleted.length > progress.returned.length;
  const deleting = away
    ? (progress.deleted.at(-1) ?? now)
    : Math.max(begun, progress?.cutOverAt ?? begun) + drain;
  if (!away) add('delete the old key, ready to add it again', deleting, ids);
  add('forget the old key', deleting + (urgent ? AFTERMATH : policy.grace), ids);
  return stations;
}
