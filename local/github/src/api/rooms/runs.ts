import { readCommit } from '../../git/commits.ts';
import type { Job } from '../../world/job.ts';
import { logAddress } from '../../world/job-logs.ts';
import type { Run } from '../../world/run.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound } from '../errors.ts';
import { page, windowOf } from '../page.ts';
import { read, write } from '../routes.ts';
import { showJob, showRun } from '../show/run.ts';

export const runs: readonly Route[] = [
  read(['actions'], '/actions/runs', (call) => listRuns(call)),
  read(['actions'], '/actions/runs/{run}', (call) => show(call, runIn(call))),
  read(['actions'], '/actions/runs/{run}/attempts/{attempt}', (call) => {
    const run = runIn(call);
    const attempt = attemptIn(call, run);
    const triggeringActor = run.triggeredBy[attempt - 1] ?? run.triggeringActor;
    return show(call, { ...run, attempt, triggeringActor });
  }),
  read(['actions'], '/actions/runs/{run}/jobs', (call) => {
    const run = runIn(call);
    const all = call.query.get('filter') === 'all';
    return listJobs(call, all ? run.jobs : run.jobs.filter(({ attempt }) => attempt === run.attempt));
  }),
  read(['actions'], '/actions/runs/{run}/attempts/{attempt}/jobs', (call) => {
    const run = runIn(call);
    const wanted = attemptIn(call, run);
    return listJobs(
      call,
      run.jobs.filter(({ attempt }) => attempt === wanted),
    );
  }),
  read(['actions'], '/actions/jobs/{job}', (call) => {
    return ok(showJob(call.world, jobIn(call)));
  }),
  read(['actions'], '/actions/jobs/{job}/logs', (call) => {
    const job = jobIn(call);
    if (job.status !== 'completed') throw notFound();
    return { status: 302, headers: { location: logAddress(call.world, job) } };
  }),
  write('POST', ['actions'], '/actions/runs/{run}/cancel', cancel),
  write('POST', ['actions'], '/actions/runs/{run}/force-cancel', cancel),
];

/** The run that the path names; 404 when the repository has none such. */
export function runIn({ repository, parameters }: RepositoryCall): Run {
  const run = repository.runs.find(({ id }) => id === Number(parameters['run']));
  if (!run) throw notFound();
  return run;
}

function jobIn({ repository, parameters }: RepositoryCall): Job {
  const jobs = repository.runs.flatMap((run) => run.jobs);
  const job = jobs.find(({ id }) => id === Number(parameters['job']));
  if (!job) throw notFound();
  return job;
}

/** Runs by GitHub's filters, the newest first. */
export async function listRuns(
  call: RepositoryCall,
  wanted: (run: Run) => boolean = () => true,
): Promise<Reply> {
  const { query, repository } = call;
  const is = (name: string, ...values: readonly (string | null)[]) => {
    const wanted = query.get(name);
    return wanted === null || values.includes(wanted);
  };
  const created = createdWithin(query.get('created'));
  const found = repository.runs
    .filter((run) => wanted(run) && created(run.createdAt))
    .filter((run) => is('event', run.event) && is('status', run.status, run.conclusion))
    .filter((run) => is('branch', run.headBranch) && is('head_sha', run.headSha))
    .filter((run) => is('actor', run.actor.login))
    .toReversed();
  const { from, to } = windowOf(call);
  const shown = await Promise.all(found.slice(from, to).map((run) => shownRun(call, run)));
  return page(call, found, (_, total) => ({ total_count: total, workflow_runs: shown }));
}

/** `created` as the search syntax has it: `>=2026-11-25T08:00:00Z`, or two moments with `..` between them. */
function createdWithin(range: string | null): (at: number) => boolean {
  if (range === null) return () => true;
  const second = (at: number) => Math.floor(at / 1_000) * 1_000;
  const [, from = '', to = ''] = /^(.+)\.\.(.+)$/.exec(range) ?? [];
  if (from !== '')
    return (at) =>
      (from === '*' || second(at) >= Date.parse(from)) && (to === '*' || second(at) <= Date.parse(to));
  const [, operator = '', moment = ''] = /^(>=|<=|>|<)?(.+)$/.exec(range) ?? [];
  const limit = Date.parse(moment);
  if (operator === '>=') return (at) => second(at) >= limit;
  if (operator === '<=') return (at) => second(at) <= limit;
  if (operator === '>') return (at) => second(at) > limit;
  if (operator === '<') return (at) => second(at) < limit;
  return (at) => second(at) === limit;
}

async function show(call: RepositoryCall, run: Run): Promise<Reply> {
  return ok(await shownRun(call, run));
}

async function shownRun({ world }: RepositoryCall, run: Run) {
  return showRun(world, run, await readCommit(run.repository.path, run.headSha));
}

function listJobs(call: RepositoryCall, jobs: readonly Job[]): Reply {
  return page(call, jobs, (some, total) => ({
    total_count: total,
    jobs: some.map((job) => showJob(call.world, job)),
  }));
}

function attemptIn({ parameters }: RepositoryCall, run: Run): number {
  const attempt = Number(parameters['attempt']);
  if (!(attempt >= 1 && attempt <= run.attempt)) throw notFound();
  return attempt;
}

function cancel(call: RepositoryCall): Reply {
  const run = runIn(call);
  if (run.status === 'completed') {
    throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
  }
  run.cancellation.abort(new Error('The run was cancelled.'));
  return ok({}, 202);
}
