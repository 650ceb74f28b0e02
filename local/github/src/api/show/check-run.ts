import type { CheckRun } from '../../world/check-run.ts';
import type { Job } from '../../world/job.ts';
import type { Repository } from '../../world/repository.ts';
import { timeOf, type World } from '../../world/world.ts';
import { showActionsApp, showApp } from './app.ts';
import { nodeId } from './node-id.ts';
import { showPullRequestMinimal } from './pull-request.ts';
import { repositoryUrl } from './repository.ts';

export function showCheckRun(world: World, check: CheckRun) {
  const url = `${repositoryUrl(world, check.repository)}/check-runs/${check.id}`;
  return {
    ...frame(world, check.repository, check.id, check.headSha),
    ...(check.app && { app: showApp(world, check.app) }),
    name: check.name,
    external_id: check.externalId,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: timeOf(world, check.startedAt),
    completed_at: check.completedAt === null ? null : timeOf(world, check.completedAt),
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
  };
}

/** Every job is also a check run of its head commit. */
export function showJobAsCheck(world: World, job: Job) {
  const { repository, headSha, id: runId } = job.run;
  const url = `${repositoryUrl(world, repository)}/check-runs/${job.id}`;
  return {
    ...frame(world, repository, job.id, headSha),
    name: job.name,
    external_id: nodeId('Job', job.id),
    details_url: `${world.url}/${repository.fullName}/actions/runs/${runId}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    started_at: timeOf(world, job.startedAt ?? job.createdAt),
    completed_at: job.completedAt === null ? null : timeOf(world, job.completedAt),
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
  };
}

function frame(world: World, repository: Repository, id: number, headSha: string) {
  return {
    id,
    node_id: nodeId('CheckRun', id),
    head_sha: headSha,
    url: `${repositoryUrl(world, repository)}/check-runs/${id}`,
    html_url: `${world.url}/${repository.fullName}/runs/${id}`,
    check_suite: { id: 1 },
    app: showActionsApp(world),
    pull_requests: repository.pulls
      .filter((pull) => pull.headSha === headSha && pull.headRepository === repository)
      .map((pull) => showPullRequestMinimal(world, pull)),
  };
}
