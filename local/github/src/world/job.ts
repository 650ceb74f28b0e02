import { runtimeToken } from '../cache/runtime-token.ts';
import { type Deployment, finishDeployment, startDeployment } from './deployment.ts';
import { environmentOf } from './environment.ts';
import { allows, forFork, type Permissions } from './permissions.ts';
import type { Conclusion, Run, WorkflowSource } from './run.ts';
import { isFromFork } from './run.ts';
import { newToken } from './tokens.ts';
import type { World } from './world.ts';

export interface JobStep {
  readonly name: string;
  readonly number: number;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: Conclusion | null;
  readonly startedAt?: number;
  readonly completedAt?: number;
}

/** A job of one attempt. Its id is also that of its check run, as on GitHub. */
export interface Job {
  readonly id: number;
  readonly run: Run;
  readonly attempt: number;
  /** As GitHub shows it: `deliver / build` for a job of a called workflow. */
  readonly name: string;
  /** Name of the environment, when it has one. */
  readonly environment?: string;
  /** False for `environment: { name, deployment: false }`. */
  readonly deploys: boolean;
  /** The job's own file: in a reusable workflow, the called one. */
  readonly workflow: WorkflowSource;
  readonly runner: 'github-hosted' | 'self-hosted';
  readonly labels: readonly string[];
  readonly permissions: Permissions;
  readonly createdAt: number;
  startedAt: number | null;
  completedAt: number | null;
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  steps: readonly JobStep[];
  deployment: Deployment | null;
  /** What its steps said; empty while it runs, as GitHub has a log of a job that has ended. */
  log: string;
}

export interface NewJob {
  readonly name: string;
  /** What the workflow grants; a fork's run is given less. */
  readonly permissions: Permissions;
  readonly workflow: WorkflowSource;
  readonly environment?: { readonly name: string; readonly deployment?: boolean };
  readonly runner?: Job['runner'];
  readonly labels?: readonly string[];
}

/** Queues a job in the run's present attempt. Naming an unknown environment creates it, unprotected. */
export function createJob(world: World, run: Run, given: NewJob): Job {
  const environment = given.environment && environmentOf(world, run.repository, given.environment.name);
  const job: Job = {
    id: world.nextId(),
    run,
    attempt: run.attempt,
    name: given.name,
    ...(environment ? { environment: environment.name } : {}),
    deploys: environment !== undefined && given.environment?.deployment !== false,
    workflow: given.workflow,
    runner: given.runner ?? 'github-hosted',
    labels: given.labels ?? ['ubuntu-latest'],
    permissions: isFromFork(run) ? forFork(given.permissions) : given.permissions,
    createdAt: world.clock.now(),
    startedAt: null,
    completedAt: null,
    status: 'queued',
    conclusion: null,
    steps: [],
    deployment: null,
    log: '',
  };
  run.jobs.push(job);
  return job;
}

/** What the runner gives to the job's steps. */
export interface JobCredentials {
  readonly githubToken: string;
  /** `ACTIONS_RUNTIME_TOKEN`, for the services at `ACTIONS_RESULTS_URL`. */
  readonly runtimeToken: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`; only where the permissions have `id-token: write`. */
  readonly idTokenRequest?: { readonly url: string; readonly token: string };
}

/** The job begins on a runner: its tokens exist from now until `finishJob`, and its deployment is in progress. */
export function startJob(world: World, job: Job): JobCredentials {
  job.status = 'in_progress';
  job.startedAt = world.clock.now();
  job.run.status = 'in_progress';
  job.run.updatedAt = job.startedAt;
  if (job.deploys) job.deployment = startDeployment(world, job);
  const githubToken = newToken('ghs');
  world.tokens.set(githubToken, { kind: 'job', job, permissions: job.permissions });
  const runtime = runtimeToken(world, job);
  world.tokens.set(runtime, { kind: 'runtime', job });
  if (!allows(job.permissions, 'id-token', 'write')) return { githubToken, runtimeToken: runtime };
  const token = newToken('idr');
  world.tokens.set(token, { kind: 'id-token-request', job });
  const url = `${world.url}/_services/token/jobs/${job.id}/idtoken?api-version=2.0`;
  return { githubToken, runtimeToken: runtime, idTokenRequest: { url, token } };
}

export interface JobEnd {
  readonly conclusion: Conclusion;
  readonly steps?: readonly JobStep[];
  /** The evaluated `environment.url`. */
  readonly environmentUrl?: string;
  readonly log?: string;
}

/** The job is over (or was skipped): its tokens are worth nothing any more. */
export function finishJob(world: World, job: Job, end: JobEnd): void {
  job.status = 'completed';
  job.conclusion = end.conclusion;
  job.completedAt = world.clock.now();
  job.steps = end.steps ?? job.steps;
  job.log = end.log ?? '';
  job.run.updatedAt = job.completedAt;
  for (const [token, principal] of world.tokens) {
    if ('job' in principal && principal.job === job) world.tokens.delete(token);
  }
  if (job.deployment) finishDeployment(world, job.deployment, end.conclusion, end.environmentUrl);
}
