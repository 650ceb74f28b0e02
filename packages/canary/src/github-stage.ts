import { setTimeout } from 'node:timers/promises';
import { orAbsent } from '@tenant-delivery/github/session/answers';
import type { GithubClient } from '@tenant-delivery/github/session/github-client';
import type { PlayedJob, PlayedRun, Start } from './play.ts';

/** The people of a canary, each by a client with their own token. */
export interface People {
  /** Commits and starts deliveries. */
  readonly author: GithubClient;
  /** Starts what the operations repository does. */
  readonly sre: GithubClient;
  /** Approves what they may approve. */
  readonly reviewers: readonly GithubClient[];
}

export interface GithubStageOptions {
  /** `owner/name`, of the canary's service and of the provider's operations. */
  readonly repositories: { readonly service: string; readonly operations: string };
  /** Milliseconds between two looks at a run. */
  readonly every: number;
  readonly signal: AbortSignal;
}

interface Place {
  readonly owner: string;
  readonly repo: string;
}

const BRANCH = 'main';
const LONGEST = 3 * 60 * 60_000; // milliseconds that a run may take

/** A canary's side of GitHub: commits, runs, reviews, logs. */
export function githubStage(people: People, { repositories, every, signal }: GithubStageOptions) {
  const whereIs = (of: Start['repository']): Place => {
    const [owner = '', repo = ''] = repositories[of].split('/');
    return { owner, repo };
  };
  const approveWhatWaits = async (place: Place, run_id: number) => {
    for (const { rest } of people.reviewers) {
      const { data } = await rest.actions.getPendingDeploymentsForRun({ ...place, run_id });
      const ids = data.flatMap(({ environment, current_user_can_approve: may }) =>
        may && environment.id !== undefined ? [environment.id] : [],
      );
      const [id] = ids; // two environments want two people
      if (id === undefined) continue;
      const review = { environment_ids: [id], state: 'approved' as const, comment: 'A canary' };
      await rest.actions.reviewPendingDeploymentsForRun({ ...place, run_id, ...review });
    }
  };
  return {
    /** Commits files to the branch that delivers; no workflow starts by it. Answers the commit. */
    async commit(message: string, files: Readonly<Record<string, string>>): Promise<string> {
      const place = whereIs('service');
      const { git } = people.author.rest;
      const { data: head } = await git.getRef({ ...place, ref: `heads/${BRANCH}` });
      const tree = Object.entries(files).map(([path, content]) => ({
        path,
        content,
        mode: '100644' as const,
        type: 'blob' as const,
      }));
      const { data: parent } = await git.getCommit({ ...place, commit_sha: head.object.sha });
      const { data: made } = await git.createTree({ ...place, base_tree: parent.tree.sha, tree });
      // GitHub, "Skip workflow runs": the delivery is started by hand, so that its run is known
      const text = `${message}\n\n[skip ci]`;
      const { data: commit } = await git.createCommit({
        ...place,
        message: text,
        tree: made.sha,
        parents: [head.object.sha],
      });
      await git.updateRef({ ...place, ref: `heads/${BRANCH}`, sha: commit.sha });
      return commit.sha;
    },

    /** The text of a file of the branch that delivers; `undefined` where it has none. */
    async file(path: string): Promise<string | undefined> {
      const { repos } = people.author.rest;
      const found = await orAbsent(repos.getContent({ ...whereIs('service'), path, ref: BRANCH }));
      if (found === 'absent' || !('content' in found.data)) return undefined;
      return Buffer.from(found.data.content, 'base64').toString();
    },

    /** Starts a workflow and answers its run's id. */
    async start({ repository, workflow, inputs }: Start): Promise<number> {
      const { rest } = repository === 'service' ? people.author : people.sre;
      const { data } = await rest.actions.createWorkflowDispatch({
        ...whereIs(repository),
        workflow_id: workflow,
        ref: BRANCH,
        inputs: { ...inputs },
        return_run_details: true,
      });
      const { workflow_run_id: id } = Object(data) as { readonly workflow_run_id?: number };
      if (id === undefined) throw new Error(`GitHub did not say which run of ${workflow} it started.`);
      return id;
    },

    /** The first line of the newest commit of the branch that delivers. */
    async subject(): Promise<string> {
      const { data } = await people.author.rest.repos.getCommit({ ...whereIs('service'), ref: BRANCH });
      return data.commit.message.split('\n')[0] ?? '';
    },

    /**
     * Waits for the end of a run, and has approved what its reviewers may approve. Throws when the run is of another commit
     * than `sha`: somebody else has pushed, and nobody has read that.
     */
    async end(of: Start['repository'], run_id: number, sha?: string): Promise<PlayedRun> {
      const place = whereIs(of);
      const { actions } = people.sre.rest;
      for (const began = Date.now(); ; ) {
        if (Date.now() - began > LONGEST)
          throw new Error(`Run ${run_id} did not end in three hours: look who may approve it.`);
        const { data: run } = await actions.getWorkflowRun({ ...place, run_id });
        if (sha !== undefined && run.head_sha !== sha)
          throw new Error(
            `Run ${run_id} is of ${run.head_sha}, which the canary did not commit. It was not approved.`,
          );
        if (run.status === 'completed')
          return {
            id: run_id,
            conclusion: run.conclusion ?? 'none',
            jobs: await jobsOf(people.sre, place, run_id),
          };
        if (run.status === 'waiting') await approveWhatWaits(place, run_id);
        await setTimeout(every, undefined, { signal });
      }
    },

    /** Who moved the branch that delivers, the newest first: logins, or `nobody` where GitHub names none. */
    async movers(): Promise<readonly string[]> {
      const { data } = await people.sre.rest.repos.listActivities({ ...whereIs('service'), ref: BRANCH });
      return data.map(({ actor }) => actor?.login ?? 'nobody');
    },
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
