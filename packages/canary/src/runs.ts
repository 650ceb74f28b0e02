import { setTimeout } from 'node:timers/promises';
import { orAbsent } from '@tenant-delivery/github/session/answers';
import type { GithubClient } from '@tenant-delivery/github/session/github-client';
import { BRANCH, type People, type Place } from './people.ts';
import type { PlayedJob, PlayedRun, Start } from './play.ts';

export interface RunsOptions {
  readonly places: Readonly<Record<Start['repository'], Place>>;
  /** Milliseconds between two looks at a run. */
  readonly every: number;
  readonly signal: AbortSignal;
}

const HOUR = 60 * 60_000;

/** How long to wait for a run, and what may end the wait before. */
interface Wait {
  readonly hours: number;
  readonly signal?: AbortSignal;
}

/** Runs of the canary's workflows: starts them, has them approved, and reads how they ended. */
export function runsOf(people: People, { places, every, signal }: RunsOptions) {
  const { sre } = people;
  const approve = approving(people);
  const playing: Wait = { hours: 3, signal };
  const cleaning: Wait = { hours: 0.5 }; // what the canary made is taken away even if it is interrupted
  /** Looks at a run until `look` answers something. */
  const until = async <R>(
    place: Place,
    run_id: number,
    look: (run: Run) => Promise<R | undefined>,
    wait = playing,
  ) => {
    for (const began = Date.now(); ; ) {
      if (Date.now() - began > wait.hours * HOUR)
        throw new Error(`Run ${run_id} did not end in ${wait.hours} hours: look who may approve it.`);
      const { data: run } = await sre.rest.actions.getWorkflowRun({ ...place, run_id });
      const found = await look(run);
      if (found !== undefined) return found;
      await setTimeout(every, undefined, wait.signal && { signal: wait.signal });
    }
  };
  return {
    /** Starts a workflow and answers its run's id. */
    async start({ repository, workflow, inputs }: Start): Promise<number> {
      const { rest } = repository === 'service' ? people.author : sre;
      const { data } = await rest.actions.createWorkflowDispatch({
        ...places[repository],
        workflow_id: workflow,
        ref: BRANCH,
        inputs: { ...inputs },
        return_run_details: true,
      });
      const { workflow_run_id: id } = Object(data) as { readonly workflow_run_id?: number };
      if (id === undefined) throw new Error(`GitHub did not say which run of ${workflow} it started.`);
      return id;
    },

    /** Waits until a run waits for a review, or has ended. */
    untilItWaits(of: Start['repository'], run_id: number): Promise<string> {
      const waits = async ({ status }: Run) =>
        status === 'waiting' || status === 'completed' ? status : undefined;
      return until(places[of], run_id, waits);
    },

    /**
     * Waits for the end of a run, and has approved what its reviewers may approve. Throws when the run is of another commit
     * than `sha`: somebody else has pushed, and nobody has read that.
     */
    end(of: Start['repository'], run_id: number, sha?: string): Promise<PlayedRun> {
      const place = places[of];
      return until(place, run_id, async (run) => {
        if (sha !== undefined && run.head_sha !== sha)
          throw new Error(
            `Run ${run_id} is of ${run.head_sha}, which the canary did not commit. It was not approved.`,
          );
        if (run.status === 'waiting') await approve(place, run_id);
        if (run.status !== 'completed') return undefined;
        return { id: run_id, conclusion: run.conclusion ?? 'none', jobs: await jobsOf(sre, place, run_id) };
      });
    },

    /** Cancels the runs of these commits of the service that have not ended, and waits for their end. */
    async cancel(commits: readonly string[]): Promise<void> {
      const place = places.service;
      const { actions } = people.author.rest;
      const { data } = await actions.listWorkflowRunsForRepo({ ...place, branch: BRANCH, per_page: 100 });
      const open = data.workflow_runs.filter(
        ({ status, head_sha }) => status !== 'completed' && commits.includes(head_sha),
      );
      for (const { id } of open) {
        await actions.cancelWorkflowRun({ ...place, run_id: id });
        await until(place, id, async ({ status }) => (status === 'completed' ? status : undefined), cleaning);
      }
    },
  };
}

interface Run {
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly head_sha: string;
}

/** Approves what waits in a run: each reviewer one environment of it, because two environments want two people. */
function approving({ reviewers }: People) {
  const approved = new Map<number, Set<GithubClient>>();
  return async (place: Place, run_id: number): Promise<void> => {
    const already = approved.get(run_id) ?? new Set();
    approved.set(run_id, already);
    for (const reviewer of reviewers.filter((each) => !already.has(each))) {
      const { actions } = reviewer.rest;
      const { data } = await actions.getPendingDeploymentsForRun({ ...place, run_id });
      const [id] = data.flatMap(({ environment, current_user_can_approve: may }) =>
        may && environment.id !== undefined ? [environment.id] : [],
      );
      if (id === undefined) continue;
      const review = { environment_ids: [id], state: 'approved' as const, comment: 'A canary' };
      await actions.reviewPendingDeploymentsForRun({ ...place, run_id, ...review });
      already.add(reviewer);
    }
  };
}

async function jobsOf(client: GithubClient, place: Place, run_id: number): Promise<readonly PlayedJob[]> {
  const { actions } = client.rest;
  const jobs = await client.paginate(actions.listJobsForWorkflowRun, { ...place, run_id, per_page: 100 });
  return Promise.all(
    jobs.map(async ({ id, name, conclusion }) => ({
      name,
      conclusion: conclusion ?? 'none',
      log: await logOf(client, place, id),
    })),
  );
}

/** Empty where GitHub has none, as of a job that never ran. */
async function logOf(client: GithubClient, place: Place, job_id: number): Promise<string> {
  const asked = { ...place, job_id, request: { parseSuccessResponseBody: false } }; // it is text, and no JSON
  const found = await orAbsent(client.rest.actions.downloadJobLogsForWorkflowRun(asked));
  return found === 'absent' ? '' : new Response(found.data as ReadableStream).text(); // unparsed, the body is a stream
}
