import type { Issue } from '../../world/issue.ts';
import type { PullRequest } from '../../world/pull-request.ts';
import type { Repository } from '../../world/repository.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { association } from './pull-request.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

export function showIssue(world: World, issue: Issue) {
  const { id, number, repository, user } = issue;
  return {
    ...common(world, repository, number, 'issues'),
    id,
    node_id: nodeId('Issue', id),
    title: issue.title,
    body: issue.body,
    user: showUser(world, user),
    labels: issue.labels.map((name) => ({
      id: 0,
      node_id: nodeId('Label', 0),
      name,
      color: 'ededed',
      default: false,
    })),
    state: issue.state,
    state_reason: issue.stateReason,
    created_at: timeOf(world, issue.createdAt),
    updated_at: timeOf(world, issue.updatedAt),
    closed_at: issue.closedAt === null ? null : timeOf(world, issue.closedAt),
    author_association: association(repository, user),
  };
}

/** GitHub lists every pull request among the issues, with a member that tells it apart. */
export function showPullAsIssue(world: World, pull: PullRequest) {
  const { id, number, repository, user } = pull;
  const url = `${repositoryUrl(world, repository)}/pulls/${number}`;
  const html = `${world.url}/${repository.fullName}/pull/${number}`;
  return {
    ...common(world, repository, number, 'pull'),
    id,
    node_id: nodeId('PullRequest', id),
    title: pull.title,
    body: pull.body,
    user: showUser(world, user),
    labels: [],
    state: pull.state,
    state_reason: null,
    created_at: timeOf(world, pull.createdAt),
    updated_at: timeOf(world, pull.updatedAt),
    closed_at: pull.merged && timeOf(world, pull.merged.at),
    author_association: association(repository, user),
    draft: false,
    pull_request: {
      url,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: pull.merged && timeOf(world, pull.merged.at),
    },
  };
}

function common(world: World, repository: Repository, number: number, page: 'issues' | 'pull') {
  const base = repositoryUrl(world, repository);
  const url = `${base}/issues/${number}`;
  return {
    number,
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${world.url}/${repository.fullName}/${page}/${number}`,
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: repository.comments.filter(({ issue }) => issue === number).length,
  };
}
