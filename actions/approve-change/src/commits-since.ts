import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { broughtBy, type Range } from '@tenant-delivery/delivery/brought-by';
import { type ChangeHandle, changeOf, resumeChange } from '@tenant-delivery/delivery/change';
import type { Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import { lastVerified } from '@tenant-delivery/delivery/last-verified';
import { PromotionSource, type RecordedCommit } from '@tenant-delivery/delivery/promotion-source';
import { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { comesFromElsewhere } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';

export interface CommitsSince {
  /** The deployed revision; `undefined` when it is not known in this repository. */
  readonly since: string | undefined;
  readonly commits: readonly RecordedCommit[];
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
  const { repositoryId } = delivery.claims;
  const origin = await originOf(change);
  if (origin.repositoryId !== repositoryId && comesFromElsewhere(change.kind)) {
    // The job's token cannot read that repository: what counts is what the other environment recorded.
    const { commits } = await change.document('source', PromotionSource);
    const unknown = { sha: origin.sha, author: 'unknown', committer: 'unknown' } as const;
    return { since: undefined, commits: commits.length > 0 ? commits : [unknown] };
  }
  const [deployed, head] = await inOrder([
    deployedRevision(delivery, admission, change.id),
    commits.commit(delivery.claims.repository, origin.sha),
  ]);
  const next = head === 'absent' ? unknownCommit(origin.sha) : head;
  const range = await rangeSince(delivery, deployed, next, commits);
  return { since: range.since, commits: await withWhoBrought(range, delivery, commits) };
}

function unknownCommit(sha: string): Commit {
  return { sha, author: 'unknown', committer: 'unknown', parents: [] };
}

async function rangeSince(
  delivery: DeliveryWorld,
  deployed: Revision | undefined,
  head: Commit,
  commits: Commits,
): Promise<WrittenRange> {
  const { repository, repositoryId } = delivery.claims;
  const alone = { commits: [head], head: head.sha, since: undefined };
  if (!deployed || deployed.repositoryId !== repositoryId) return alone;
  const between = await commits.between(repository, deployed.sha, head.sha);
  if (between === 'absent') return alone;
  const all = [...between.filter(({ sha }) => sha !== head.sha), head];
  return { commits: all, head: head.sha, since: deployed.sha };
}

interface WrittenRange extends Range {
  readonly commits: readonly Commit[];
}

/**
 * The commits as they are recorded, with who merged or pushed them. The names in a commit are what its writer says, and a
 * squashed one has the name of who opened the pull request. GitHub knows who moved the branch.
 */
async function withWhoBrought(
  range: WrittenRange,
  { claims: { repository, ref } }: DeliveryWorld,
  commits: Commits,
): Promise<readonly RecordedCommit[]> {
  const all = range.commits.map(({ sha }) => sha);
  const brought = await broughtBy(range, all, commits.updatesOf(repository, ref));
  return range.commits.map(({ sha, author, committer }) => {
    const { by = [], complete = false } = brought.get(sha) ?? {};
    if (isBot(author) || isBot(committer))
      return { sha, author, committer, broughtBy: complete ? [...by] : 'unknown' };
    const people = by.filter(({ bot }) => !bot); // a merge queue merges what people wrote
    return people.length > 0 ? { sha, author, committer, broughtBy: people } : { sha, author, committer };
  });
}

function isBot(account: Commit['author']): boolean {
  return account !== 'unknown' && account.bot;
}

interface Revision {
  readonly sha: string;
  readonly repositoryId: string;
}

/** The revision of the newest verified change; of a rollback, the one that it went back to. */
async function deployedRevision(
  delivery: DeliveryWorld,
  admission: Admission,
  approved: string,
): Promise<Revision | undefined> {
  const present = await lastVerified(delivery, admission.target, approved);
  if (!present) return undefined;
  const change = await changeOf(delivery, admission, present.id, present.events);
  return change.kind === 'rollback'
    ? originOf(
        await resumeChange(delivery, admission, (await change.document('target', RollbackTarget)).change),
      )
    : originOf(change);
}

/** The commit that a change's image was built from, and its repository. */
async function originOf(change: ChangeHandle): Promise<Revision> {
  if (comesFromElsewhere(change.kind)) {
    const { origin } = await change.document('source', PromotionSource);
    return { sha: origin.revision, repositoryId: origin.repositoryId };
  }
  const run = change.events[0]?.run;
  return { sha: run?.sha ?? '', repositoryId: run?.repositoryId ?? '' };
}
