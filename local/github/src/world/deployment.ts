import { actionsBot } from './actions-bot.ts';
import type { Job } from './job.ts';
import type { Repository } from './repository.ts';
import type { Conclusion } from './run.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success';

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creator: User;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: number;
}

export interface Deployment {
  readonly id: number;
  readonly repository: Repository;
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: User;
  readonly production: boolean;
  readonly transient: boolean;
  readonly createdAt: number;
  updatedAt: number;
  readonly statuses: DeploymentStatus[];
}

export type NewDeployment = Pick<Deployment, 'ref' | 'sha' | 'environment' | 'creator'> &
  Partial<Pick<Deployment, 'task' | 'description' | 'payload' | 'production' | 'transient'>>;

export function addDeployment(world: World, repository: Repository, given: NewDeployment): Deployment {
  const now = world.clock.now();
  const deployment: Deployment = {
    task: 'deploy',
    description: null,
    payload: {},
    production: given.environment === 'production',
    transient: false,
    ...given,
    id: world.nextId(),
    repository,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  return deployment;
}

export type NewDeploymentStatus = Pick<DeploymentStatus, 'state' | 'creator'> &
  Partial<Pick<DeploymentStatus, 'description' | 'environment' | 'environmentUrl' | 'logUrl'>>;

/** A success makes the environment's earlier successes inactive, unless `keepOthers`. */
export function addDeploymentStatus(
  world: World,
  deployment: Deployment,
  given: NewDeploymentStatus,
  keepOthers = false,
): DeploymentStatus {
  const status = statusOf(world, deployment, given);
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  if (given.state !== 'success' || keepOthers) return status;
  for (const other of deployment.repository.deployments) {
    const replaced = other !== deployment && !other.transient && other.environment === deployment.environment;
    if (!replaced || other.statuses.at(-1)?.state !== 'success') continue;
    other.statuses.push(statusOf(world, other, { state: 'inactive', creator: given.creator }));
  }
  return status;
}

function statusOf(world: World, deployment: Deployment, given: NewDeploymentStatus): DeploymentStatus {
  return {
    description: '',
    environment: deployment.environment,
    environmentUrl: '',
    logUrl: '',
    ...given,
    id: world.nextId(),
    createdAt: world.clock.now(),
  };
}

/** The deployment that GitHub makes by itself for a job with an environment, while it waits for a reviewer. */
export function waitingDeployment(world: World, job: Job): Deployment {
  const deployment = jobDeployment(world, job);
  addDeploymentStatus(world, deployment, {
    state: 'pending',
    creator: deployment.creator,
    logUrl: logUrlOf(world, job),
  });
  return deployment;
}

/** The same when the job begins. */
export function startDeployment(world: World, job: Job): Deployment {
  const deployment = job.deployment ?? jobDeployment(world, job);
  addDeploymentStatus(world, deployment, {
    state: 'in_progress',
    creator: deployment.creator,
    logUrl: logUrlOf(world, job),
  });
  return deployment;
}

export function finishDeployment(
  world: World,
  deployment: Deployment,
  conclusion: Conclusion,
  environmentUrl = '',
): void {
  const creator = actionsBot(world);
  const state = conclusion === 'success' ? 'success' : conclusion === 'cancelled' ? 'error' : 'failure';
  addDeploymentStatus(world, deployment, { state, creator, environmentUrl });
}

function jobDeployment(world: World, { run, environment = '' }: Job): Deployment {
  const ref = run.ref.replace(/^refs\/(heads|tags)\//, '');
  return addDeployment(world, run.repository, { ref, sha: run.sha, environment, creator: actionsBot(world) });
}

function logUrlOf(world: World, job: Job): string {
  return `${world.url}/${job.run.repository.fullName}/actions/runs/${job.run.id}/job/${job.id}`;
}
