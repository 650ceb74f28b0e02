const CHECK = ['actions'];
const ISSUE = ['assignee', 'assignees', 'issue_field_values', 'milestone', 'type'];

/**
 * Members of bodies that GitHub describes and nothing here acts on. A request that has one is refused, so that none is lost.
 * `make_latest` is no loss: no route here answers which release is the latest.
 */
export const NOT_ACTED_ON: Readonly<Record<string, readonly string[]>> = {
  'PUT /repos/{owner}/{repo}/environments/{environment}': ['wait_timer'],
  'POST /repos/{owner}/{repo}/deployments': ['auto_merge'],
  'POST /repos/{owner}/{repo}/pulls': ['draft', 'head_repo', 'issue', 'maintainer_can_modify'],
  'PATCH /repos/{owner}/{repo}/pulls/{number}': ['base', 'maintainer_can_modify', 'state'],
  'POST /repos/{owner}/{repo}/pulls/{number}/reviews': ['comments'],
  'PUT /repos/{owner}/{repo}/pulls/{number}/merge': ['commit_message', 'commit_title'],
  'POST /repos/{owner}/{repo}/check-runs': CHECK,
  'PATCH /repos/{owner}/{repo}/check-runs/{id}': [...CHECK, 'external_id', 'name', 'started_at'],
  'POST /repos/{owner}/{repo}/issues': ISSUE,
  'PATCH /repos/{owner}/{repo}/issues/{number}': [...ISSUE, 'duplicate_issue_id', 'labels'],
  'POST /repos/{owner}/{repo}/git/commits': ['signature'],
  'POST /repos/{owner}/{repo}/releases': ['discussion_category_name', 'generate_release_notes'],
  'PATCH /repos/{owner}/{repo}/releases/{release_id}': ['discussion_category_name', 'prerelease'],
  'PATCH /repos/{owner}/{repo}/actions/variables/{name}': ['name'],
  'PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}': ['name'],
  'PATCH /orgs/{org}/actions/variables/{name}': ['name'],
};
