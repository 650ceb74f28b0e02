import {
  type Admission,
  type ChangeHandle,
  type DeliveryWorld,
  deployedChanges,
  resumeChange,
} from '@tenant-delivery/delivery';
import type { Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';

export interface CommitsSince {
  /** The deployed revision; `undefined` when it is not known in this repository. */
  readonly since: string | undefined;
  readonly commits: readonly Commit[];
}

/**
 * Everything that a change brings to the service: the commits since the revision that is deployed now, and always the
 * commit that is deployed next.
 */
export async function commitsSince(
  delivery: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
  commits: Commits,
): Promise<CommitsSince> {
  const { repository, repositoryId } = delivery.claims;
  const next = change.events[0]?.run.sha ?? '';
  const found = await commits.commit(repository, next);
  const head: Commit = found === 'absent' ? { sha: next, author: 'unknown', committer: 'unknown' } : found;
  const deployed = await deployedRevision(delivery, admission);
  if (!deployed || deployed.repositoryId !== repositoryId) return { since: undefined, commits: [head] };
  const between = await commits.between(repository, deployed.sha, next);
  if (between === 'absent') return { since: undefined, commits: [head] };
  return { since: deployed.sha, commits: [...between.filter(({ sha }) => sha !== head.sha), head] };
}

/** The revision of the newest verified change; of a rollback, the one that it went back to. */
async function deployedRevision(
  delivery: DeliveryWorld,
  admission: Admission,
): Promise<{ readonly sha: string; readonly repositoryId: string } | undefined> {
  const deployed = await deployedChanges(delivery, admission.target);
  const present = deployed.find(({ state }) => state === 'closed' || state === 'verified');
  if (!present) return undefined;
  const change = await resumeChange(delivery, admission, present.id);
  const source =
    change.kind === 'rollback'
      ? await resumeChange(delivery, admission, (await change.document('target', RollbackTarget)).change)
      : change;
  return source.events[0]?.run;
}
