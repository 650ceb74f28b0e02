import type { Approval, PendingReview } from './approval.ts';
import type { Job } from './job.ts';
import type { PullRequest } from './pull-request.ts';
import type { Repository } from './repository.ts';
import type { User } from './user.ts';
import { userNamed } from './user.ts';
import type { World } from './world.ts';

export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'neutral';

/** A workflow file at a commit, as `workflow_ref` and `job_workflow_ref` name it. */
export interface WorkflowSource {
  /** `owner/name`. */
  readonly repository: string;
  /** `.github/workflows/deliver.yml`. */
  readonly path: string;
  /** As the caller wrote it, in full when it is a branch or tag: `refs/tags/v0.1.0`, or a commit. */
  readonly ref: string;
  readonly sha: string;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  attempt: number;
  readonly repository: Repository;
  /** The workflow's `name:`, or its path. */
  readonly name: string;
  /** The `run-name:`, or the commit's subject. */
  readonly title: string;
  readonly workflow: WorkflowSource;
  readonly event: string;
  /** `GITHUB_REF` and `GITHUB_SHA`: the merge commit for a pull request. */
  readonly ref: string;
  readonly sha: string;
  /** What the API calls `head_branch` and `head_sha`: the head of the pull request, otherwise the same commit. */
  readonly headBranch: string | null;
  readonly headSha: string;
  readonly pull?: PullRequest;
  readonly actor: User;
  triggeringActor: User;
  /** Who started each attempt, the first at first. */
  readonly triggeredBy: User[];
  readonly createdAt: number;
  startedAt: number;
  updatedAt: number;
  /** `requested` and `pending` come before `queued`: GitHub has not begun with it, or a concurrency group holds it. */
  status: 'requested' | 'pending' | 'queued' | 'in_progress' | 'waiting' | 'completed';
  conclusion: Conclusion | null;
  readonly jobs: Job[];
  /** Reusable workflows that the run has called. */
  readonly referenced: WorkflowSource[];
  readonly pending: PendingReview[];
  readonly approvals: Approval[];
  /** Of `workflow_dispatch` through the API. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Aborts when somebody cancels the run through the API. */
  cancellation: AbortController;
}

export interface NewRun {
  readonly workflow: WorkflowSource;
  readonly name?: string;
  readonly title?: string;
  readonly event: string;
  readonly ref: string;
  readonly sha: string;
  readonly pull?: PullRequest;
  /** Login. */
  readonly actor: string;
  /** Login; the actor unless told. */
  readonly triggeringActor?: string;
  readonly referenced?: readonly WorkflowSource[];
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export function createRun(world: World, repository: Repository, given: NewRun): Run {
  const actor = userNamed(world, given.actor);
  const triggeringActor =
    given.triggeringActor === undefined ? actor : userNamed(world, given.triggeringActor);
  const now = world.clock.now();
  const earlier = repository.runs.filter((run) => run.workflow.path === given.workflow.path);
  const run: Run = {
    id: world.nextId(),
    number: earlier.length + 1,
    attempt: 1,
    repository,
    name: given.name ?? given.workflow.path,
    title: given.title ?? given.name ?? given.workflow.path,
    workflow: given.workflow,
    event: given.event,
    ref: given.ref,
    sha: given.sha,
    headBranch: given.pull?.headRef ?? given.ref.replace(/^refs\/(heads|tags)\//, ''),
    headSha: given.pull?.headSha ?? given.sha,
    ...(given.pull ? { pull: given.pull } : {}),
    actor,
    triggeringActor,
    triggeredBy: [triggeringActor],
    createdAt: now,
    startedAt: now,
    updatedAt: now,
    status: 'queued',
    conclusion: null,
    jobs: [],
    referenced: [...(given.referenced ?? [])],
    pending: [],
    approvals: [],
    inputs: given.inputs ?? {},
    cancellation: new AbortController(),
  };
  repository.runs.push(run);
  return run;
}

/** Somebody runs it again: the same run with the next attempt, its jobs gone from the newest attempt's list. */
export function rerun(world: World, run: Run, actor: string): void {
  run.attempt += 1;
  run.triggeringActor = userNamed(world, actor);
  run.triggeredBy.push(run.triggeringActor);
  run.startedAt = world.clock.now();
  run.updatedAt = run.startedAt;
  run.status = 'queued';
  run.conclusion = null;
  run.cancellation = new AbortController();
}

export function finishRun(world: World, run: Run, conclusion: Conclusion): void {
  run.status = 'completed';
  run.conclusion = conclusion;
  run.updatedAt = world.clock.now();
}

/** The run came from a pull request whose head lies in another repository. */
export function isFromFork(run: Run): boolean {
  return run.pull !== undefined && run.pull.headRepository !== run.repository;
}

export function runWithId(world: World, id: number): Run | undefined {
  return [...world.repositories.values()]
    .flatMap((repository) => repository.runs)
    .find((run) => run.id === id);
}
