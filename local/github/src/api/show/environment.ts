import type { BranchPolicy, Environment } from '../../world/environment.ts';
import type { Repository } from '../../world/repository.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

/** What the lists of approvals and pending deployments say of an environment. */
export function showEnvironmentName(world: World, repository: Repository, { id, name }: Environment) {
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${repositoryUrl(world, repository)}/environments/${encodeURIComponent(name)}`,
    html_url: `${world.url}/${repository.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
  };
}

export function showEnvironment(world: World, repository: Repository, environment: Environment) {
  return {
    ...showEnvironmentName(world, repository, environment),
    created_at: timeOf(world, environment.createdAt),
    updated_at: timeOf(world, environment.updatedAt),
    can_admins_bypass: environment.adminsBypass,
    protection_rules: protectionRules(world, environment),
    deployment_branch_policy: showBranchPolicy(environment.branchPolicy),
  };
}

export function showReviewers(world: World, { reviewers }: Environment) {
  return reviewers.map((user) => ({ type: 'User', reviewer: showUser(world, user) }));
}

function protectionRules(world: World, environment: Environment): readonly unknown[] {
  const { id, reviewers, preventSelfReview, branchPolicy } = environment;
  const rules: unknown[] = [];
  // Ids of rules are made of the environment's: a client that keeps one sees that the rule is still the same.
  if (reviewers.length > 0) {
    rules.push({
      id: id * 10 + 1,
      node_id: nodeId('Gate', id * 10 + 1),
      type: 'required_reviewers',
      prevent_self_review: preventSelfReview,
      reviewers: showReviewers(world, environment),
    });
  }
  if (branchPolicy.kind !== 'all') {
    rules.push({ id: id * 10 + 2, node_id: nodeId('Gate', id * 10 + 2), type: 'branch_policy' });
  }
  return rules;
}

function showBranchPolicy({ kind }: BranchPolicy) {
  if (kind === 'all') return null;
  return { protected_branches: kind === 'protected', custom_branch_policies: kind === 'custom' };
}
