import {
  type Admission,
  type ChangeHandle,
  type DeliveryWorld,
  deployedChanges,
  resumeChange,
} from '@tenant-delivery/delivery';
import type { Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import { PromotionSource } from '@tenant-delivery/delivery/promotion-source';
import { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { comesFromElsewhere } from '@tenant-delivery/domain';

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
  const origin = await originOf(change);
  if (origin.repositoryId !== repositoryId && comesFromElsewhere(change.kind)) {
    // The job's token cannot read that repository: what counts is what the other environment recorded.
    const { commits } = await change.document('source', PromotionSource);
    const unknown = { sha: origin.sha, author: 'unknown', committer: 'unknown' } as const;
    return { since: undefined, commits: commits.length > 0 ? commits : [unknown] };
  }
  const next = origin.sha;
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
  return change.kind === 'rollback'
    ? originOf(
        await resumeChange(delivery, admission, (await change.document('target', RollbackTarget)).change),
      )
    : originOf(change);
}

/** The commit that a change's image was built from, and its repository. */
async function originOf(
  change: ChangeHandle,
): Promise<{ readonly sha: string; readonly repositoryId: string }> {
  if (comesFromElsewhere(change.kind)) {
    const { origin } = await change.document('source', PromotionSource);
    return { sha: origin.revision, repositoryId: origin.repositoryId };
  }
  const run = change.events[0]?.run;
  return { sha: run?.sha ?? '', repositoryId: run?.repositoryId ?? '' };
}
