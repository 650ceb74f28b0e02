import type { IssueComment } from '../../world/comment.ts';
import { timeOf, type World } from '../../world/world.ts';
import { showActionsApp } from './app.ts';
import { nodeId } from './node-id.ts';
import { association } from './pull-request.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

export function showComment(world: World, comment: IssueComment) {
  const { repository, issue, id } = comment;
  const base = repositoryUrl(world, repository);
  const url = `${base}/issues/comments/${id}`;
  const page = repository.issues.some(({ number }) => number === issue) ? 'issues' : 'pull';
  return {
    id,
    node_id: nodeId('IssueComment', id),
    url,
    html_url: `${world.url}/${repository.fullName}/${page}/${issue}#issuecomment-${id}`,
    issue_url: `${base}/issues/${issue}`,
    body: comment.body,
    user: showUser(world, comment.user),
    created_at: timeOf(world, comment.createdAt),
    updated_at: timeOf(world, comment.updatedAt),
    author_association: association(repository, comment.user),
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      ...Object.fromEntries(REACTIONS.map((reaction) => [reaction, 0])),
    },
    performed_via_github_app: comment.user.type === 'Bot' ? showActionsApp(world) : null,
  };
}
