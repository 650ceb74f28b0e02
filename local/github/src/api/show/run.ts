import type { Commit } from '../../git/commits.ts';
import type { Job } from '../../world/job.ts';
import type { Run } from '../../world/run.ts';
import { timeOf, type World } from '../../world/world.ts';
import { showSimpleCommit } from './commit.ts';
import { nodeId } from './node-id.ts';
import { showPullRequestMinimal } from './pull-request.ts';
import { repositoryUrl, showRepository } from './repository.ts';
import { showUser } from './user.ts';

/** The workflow's id is made of its place: it stays the same for all its runs. */
export function showRun(world: World, run: Run, headCommit: Commit) {
  const { repository, id, pull } = run;
  const base = repositoryUrl(world, repository);
  const url = `${base}/actions/runs/${id}`;
  const workflowId = workflowIdOf(run);
  const headRepository = pull?.headRepository ?? repository;
  return {
    id,
    name: run.name,
    node_id: nodeId('WorkflowRun', id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId,
    check_suite_id: id,
    check_suite_node_id: nodeId('CheckSuite', id),
    url,
    html_url: `${world.url}/${repository.fullName}/actions/runs/${id}`,
    // As on GitHub, a run for a pull request from a fork lists no pull request.
    pull_requests: pull && headRepository === repository ? [showPullRequestMinimal(world, pull)] : [],
    created_at: timeOf(world, run.createdAt),
    updated_at: timeOf(world, run.updatedAt),
    run_started_at: timeOf(world, run.startedAt),
    actor: showUser(world, run.actor),
    triggering_actor: showUser(world, run.triggeringActor),
    run_attempt: run.attempt,
    referenced_workflows: run.referenced.map((source) => ({
      path: `${source.repository}/${source.path}@${source.ref.replace(/^refs\/(heads|tags)\//, '')}`,
      sha: source.sha,
      ...(source.ref.startsWith('refs/') ? { ref: source.ref } : {}),
    })),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${base}/actions/workflows/${workflowId}`,
    head_commit: showSimpleCommit(headCommit),
    repository: showRepository(world, repository),
    head_repository: showRepository(world, headRepository),
  };
}

export function showJob(world: World, job: Job) {
  const { run, id } = job;
  const base = repositoryUrl(world, run.repository);
  const time = (at: number | null | undefined) => (at ? timeOf(world, at) : null);
  return {
    id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', id),
    head_sha: run.headSha,
    url: `${base}/actions/jobs/${id}`,
    html_url: `${world.url}/${run.repository.fullName}/actions/runs/${run.id}/job/${id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timeOf(world, job.createdAt),
    started_at: timeOf(world, job.startedAt ?? job.createdAt),
    completed_at: time(job.completedAt),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: time(step.startedAt),
      completed_at: time(step.completedAt),
    })),
    check_run_url: `${base}/check-runs/${id}`,
    labels: job.labels,
    runner_id: job.startedAt === null ? null : 1,
    runner_name: job.startedAt === null ? null : 'local-github 1',
    runner_group_id: job.startedAt === null ? null : 0,
    runner_group_name: job.startedAt === null ? null : 'GitHub Actions',
  };
}

function workflowIdOf({ repository, workflow }: Run): number {
  const first = repository.runs.find((run) => run.workflow.path === workflow.path);
  return 500_000_000 + (first?.id ?? 0);
}
