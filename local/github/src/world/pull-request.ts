import { resolveCommit } from '../git/resolve.ts';
import { fetchCommit, mergeCommit, setRef } from '../git/write.ts';
import { nextNumber } from './issue.ts';
import { type Repository, repositoryNamed } from './repository.ts';
import { type User, userNamed } from './user.ts';
import type { World } from './world.ts';

export interface Review {
  readonly id: number;
  readonly user: User;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly body: string;
  /** The head that was reviewed. */
  readonly commit: string;
  readonly submittedAt: number;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  /** Where it asks to be merged. */
  readonly repository: Repository;
  /** Differs from `repository` for a pull request from a fork. */
  readonly headRepository: Repository;
  /** Branch names. */
  readonly headRef: string;
  readonly baseRef: string;
  headSha: string;
  baseSha: string;
  /** `refs/pull/N/merge`, and once it is merged the commit that did; null while there are conflicts. */
  mergeSha: string | null;
  readonly user: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  /** Who merged it, and when. */
  merged: { readonly by: User; readonly at: number } | null;
  readonly createdAt: number;
  updatedAt: number;
  readonly reviews: Review[];
}

export interface NewPullRequest {
  /** `owner/name` of the repository to merge into. */
  readonly repository: string;
  /** Branch to merge into; the default branch unless told. */
  readonly base?: string;
  /** Branch to merge. */
  readonly head: string;
  /** `owner/name` of the fork that the head lies in. */
  readonly headRepository?: string;
  /** Login. */
  readonly user: string;
  readonly title: string;
  readonly body?: string;
}

/** Opens a pull request and makes `refs/pull/N/head` and `refs/pull/N/merge`. */
export async function openPullRequest(world: World, given: NewPullRequest): Promise<PullRequest> {
  const repository = repositoryNamed(world, given.repository);
  const now = world.clock.now();
  const pull: PullRequest = {
    id: world.nextId(),
    number: nextNumber(repository),
    repository,
    headRepository: repositoryNamed(world, given.headRepository ?? given.repository),
    headRef: given.head,
    baseRef: given.base ?? repository.defaultBranch,
    headSha: '',
    baseSha: '',
    mergeSha: null,
    user: userNamed(world, given.user),
    title: given.title,
    body: given.body ?? null,
    state: 'open',
    merged: null,
    createdAt: now,
    updatedAt: now,
    reviews: [],
  };
  await synchronise(world, pull);
  repository.pulls.push(pull);
  return pull;
}

/** Takes up what was pushed to either branch since. */
export async function synchronise(world: World, pull: PullRequest): Promise<void> {
  const { repository, headRepository, number, user } = pull;
  pull.headSha = await branchHead(headRepository, pull.headRef);
  pull.baseSha = await branchHead(repository, pull.baseRef);
  pull.updatedAt = world.clock.now();
  await fetchCommit(repository.path, headRepository.path, pull.headSha, `refs/pull/${number}/head`);
  const merge = await mergeCommit(repository.path, pull.baseSha, pull.headSha, {
    message: `Merge ${pull.headSha} into ${pull.baseSha}\n`,
    author: { name: user.login, email: user.emails[0] ?? '' },
    at: world.clock.now(),
  });
  pull.mergeSha = merge ?? null;
  if (merge) await setRef(repository.path, `refs/pull/${number}/merge`, merge);
}

export function addReview(
  world: World,
  pull: PullRequest,
  given: Pick<Review, 'user' | 'state'> & Partial<Pick<Review, 'body' | 'commit'>>,
): Review {
  const review: Review = {
    body: '',
    commit: pull.headSha,
    ...given,
    id: world.nextId(),
    submittedAt: world.clock.now(),
  };
  pull.reviews.push(review);
  pull.updatedAt = review.submittedAt;
  return review;
}

async function branchHead({ path, fullName }: Repository, branch: string): Promise<string> {
  const sha = await resolveCommit(path, `refs/heads/${branch}`);
  if (!sha) throw new Error(`${fullName} has no branch ${branch}.`);
  return sha;
}
