import type { ResolvedJob } from '../resolve/resolved-workflow.ts';
import type { JobEnd } from '../run-result.ts';
import { runOneJob } from './run-one-job.ts';
import type { WorkflowScope } from './run-state.ts';

/** Carries out the jobs of a workflow, each as soon as the jobs that it needs have ended. */
export async function runJobs(scope: WorkflowScope): Promise<ReadonlyMap<string, JobEnd>> {
  const jobs = new Map(scope.workflow.jobs.map((job) => [job.definition.id, job]));
  const running = new Map<string, Promise<JobEnd>>();
  const start = (job: ResolvedJob): Promise<JobEnd> => {
    const { id, needs } = job.definition;
    const known = running.get(id);
    if (known) return known;
    const ended = afterNeeds(needs).then((results) => runOneJob(scope, job, results));
    running.set(id, ended);
    return ended;
  };
  /** The results of these jobs and of all that they need in turn. */
  const afterNeeds = async (needs: readonly string[]) => {
    const direct = await ends(needs);
    const all = new Map(direct);
    for (const id of ancestors(needs, jobs)) for (const [key, end] of await ends([id])) all.set(key, end);
    return { direct, ancestors: [...all.values()] };
  };
  const ends = async (ids: readonly string[]) => {
    const found = new Map<string, JobEnd>();
    for (const id of ids) {
      const job = jobs.get(id);
      if (job) found.set(id, await start(job));
    }
    return found;
  };
  await Promise.all([...jobs.values()].map(start));
  return ends([...jobs.keys()]);
}

function ancestors(needs: readonly string[], jobs: ReadonlyMap<string, ResolvedJob>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    for (const next of jobs.get(id)?.definition.needs ?? []) visit(next);
  };
  for (const id of needs) visit(id);
  return found;
}
