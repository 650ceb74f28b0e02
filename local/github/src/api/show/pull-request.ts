import type { PullRequest, Review } from '../../world/pull-request.ts';
import { type Repository, roleOf } from '../../world/repository.ts';
import type { User } from '../../world/user.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl, showFullRepository } from './repository.ts';
import { showUser } from './user.ts';

/** What a list of pull requests says of each ("pull request simple"). */
export function showPullRequest(world: World, pull: PullRequest) {
  const { repository, number } = pull;
  const base = repositoryUrl(world, repository);
  const url = `${base}/pulls/${number}`;
  const issue = `${base}/issues/${number}`;
  const page = `${world.url}/${repository.fullName}/pull/${number}`;
  const links = {
    comments_url: `${issue}/comments`,
    commits_url: `${url}/commits`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    review_comments_url: `${url}/comments`,
    statuses_url: `${base}/statuses/${pull.headSha}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    ...links,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: showUser(world, pull.user),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: timeOf(world, pull.createdAt),
    updated_at: timeOf(world, pull.updatedAt),
    closed_at: pull.merged && timeOf(world, pull.merged.at),
    merged_at: pull.merged && timeOf(world, pull.merged.at),
    merge_commit_sha: pull.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: end(world, pull.headRepository, pull.headRef, pull.headSha),
    base: end(world, repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: links.comments_url },
      commits: { href: links.commits_url },
      review_comment: { href: links.review_comment_url },
      review_comments: { href: links.review_comments_url },
      statuses: { href: links.statuses_url },
    },
    author_association: association(repository, pull.user),
    auto_merge: null,
    draft: false,
  };
}

export interface PullRequestSize {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

export function showFullPullRequest(world: World, pull: PullRequest, size: PullRequestSize) {
  return {
    ...showPullRequest(world, pull),
    merged: pull.merged !== null,
    merged_by: pull.merged && showUser(world, pull.merged.by),
    mergeable: mergeable(pull),
    rebaseable: mergeable(pull),
    mergeable_state: pull.merged ? 'unknown' : pull.mergeSha === null ? 'dirty' : 'clean',
    comments: pull.repository.comments.filter(({ issue }) => issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: size.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.changedFiles,
  };
}

/** Null of what is merged already. */
function mergeable({ merged, mergeSha }: PullRequest): boolean | null {
  return merged ? null : mergeSha !== null;
}

/** The short form inside runs and check runs. */
export function showPullRequestMinimal(world: World, pull: PullRequest) {
  const short = (repository: Repository) => ({
    id: repository.id,
    url: repositoryUrl(world, repository),
    name: repository.name,
  });
  return {
    id: pull.id,
    number: pull.number,
    url: `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(pull.headRepository) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(pull.repository) },
  };
}

export function showReview(world: World, pull: PullRequest, review: Review) {
  const html = `${world.url}/${pull.repository.fullName}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const url = `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: showUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(pull.repository, review.user),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: timeOf(world, review.submittedAt),
    commit_id: review.commit,
  };
}

/** A user's association with a repository, as comments and reviews show it. */
export function association(repository: Repository, user: User): string {
  if (repository.owner.id === user.id) return 'OWNER';
  const role = repository.collaborators.has(user.login.toLowerCase()) && roleOf(repository, user);
  return role ? 'COLLABORATOR' : 'NONE';
}

function end(world: World, repository: Repository, ref: string, sha: string) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: showUser(world, repository.owner),
    repo: showFullRepository(world, repository),
  };
}
