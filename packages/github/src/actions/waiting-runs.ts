import type { Holders } from '@tenant-delivery/rotation/ports';
import * as v from 'valibot';
import { everyItem } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

/**
 * In the order in which a run goes through them, so that none slips from a list that is still to be read into one that
 * was; `waiting` again, because a run comes back to it.
 */
const UNDER_WAY = ['requested', 'pending', 'queued', 'waiting', 'in_progress', 'waiting'] as const;

const AT_ONCE = 10; // repositories: GitHub answers a hundred requests at a time

const listedRun = v.object({ id: v.number(), html_url: v.string(), created_at: v.string() });
const listedJob = v.object({ status: v.string(), started_at: v.nullable(v.string()) });

/** When a run reads secrets and variables: a repository's when it is queued, an environment's when a job begins. */
export type ReadAt = 'queued' | 'job-started';

/**
 * Runs that may hold what was read up to a moment of GitHub's clock, the second of it included. One that was begun
 * again keeps its first moment and counts as old. Needs `actions: read`.
 */
export async function holdersOf(
  github: GithubClient,
  repositories: readonly string[],
  until: string,
  readAt: ReadAt,
): Promise<Holders> {
  const all: string[] = [];
  for (let from = 0; from < repositories.length; from += AT_ONCE) {
    const some = repositories.slice(from, from + AT_ONCE);
    all.push(...(await Promise.all(some.map((each) => runsOf(github, each, until, readAt)))).flat());
  }
  return { count: all.length, examples: all.slice(0, 5) };
}

async function runsOf(
  github: GithubClient,
  repository: string,
  until: string,
  readAt: ReadAt,
): Promise<readonly string[]> {
  const runs = new Map<number, string>();
  for (const status of UNDER_WAY) {
    const where = { ...parametersOf(repository), status, created: `<=${until}`, per_page: 100 };
    const pages = github.paginate.iterator(github.rest.actions.listWorkflowRunsForRepo, where);
    for (const run of await everyItem(listedRun, pages))
      if (Date.parse(run.created_at) <= Date.parse(until)) runs.set(run.id, run.html_url);
  }
  if (readAt === 'queued') return [...runs.values()];
  const begun = await Promise.all(
    [...runs].map(async ([id, url]) => ((await hasBegun(github, repository, id, until)) ? [url] : [])),
  );
  return begun.flat();
}

/** Whether a job of it that is still going began by then. */
async function hasBegun(
  github: GithubClient,
  repository: string,
  runId: number,
  until: string,
): Promise<boolean> {
  const where = { ...parametersOf(repository), run_id: runId, filter: 'latest', per_page: 100 } as const;
  const pages = github.paginate.iterator(github.rest.actions.listJobsForWorkflowRun, where);
  const jobs = await everyItem(listedJob, pages);
  return jobs.some(
    ({ status, started_at }) =>
      status === 'in_progress' && (started_at === null || Date.parse(started_at) <= Date.parse(until)),
  );
}
