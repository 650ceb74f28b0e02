import type { Deployment, DeploymentStatus } from '../../world/deployment.ts';
import { timeOf, type World } from '../../world/world.ts';
import { showActionsApp } from './app.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

export function showDeployment(world: World, deployment: Deployment) {
  const repository = repositoryUrl(world, deployment.repository);
  const url = `${repository}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: timeOf(world, deployment.createdAt),
    updated_at: timeOf(world, deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repository,
    creator: showUser(world, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.creator.type === 'Bot' ? showActionsApp(world) : null,
  };
}

export function showDeploymentStatus(world: World, deployment: Deployment, status: DeploymentStatus) {
  const repository = repositoryUrl(world, deployment.repository);
  const deploymentUrl = `${repository}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: showUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: timeOf(world, status.createdAt),
    updated_at: timeOf(world, status.createdAt),
    deployment_url: deploymentUrl,
    repository_url: repository,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: status.creator.type === 'Bot' ? showActionsApp(world) : null,
  };
}
