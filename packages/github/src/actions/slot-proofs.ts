import type { ProofAnswer } from '@tenant-delivery/rotation/ports';
import * as v from 'valibot';
import { type Changed, changed, confirmed, everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

/** The workflow by which a consumer shows which key it finds, and the branch whose file is run. */
export interface Probe {
  readonly repository: string;
  /** File name below `.github/workflows`. */
  readonly workflow: string;
  readonly ref: string;
}

const USED = /^used-key ([0-9a-f]{12})$/;
const PAGES = 3; // of a hundred runs each: an answer that is further back is none

const listedRun = v.object({
  id: v.number(),
  html_url: v.string(),
  head_branch: v.nullable(v.string()),
  display_title: v.string(),
  status: v.nullable(v.string()),
  conclusion: v.nullable(v.string()),
});
type ProofRun = v.InferOutput<typeof listedRun>;
const listedJob = v.object({ name: v.string(), conclusion: v.nullable(v.string()) });

/**
 * A workflow proves a slot like this: its `run-name` is the input `proof`, it signs something with the key of the
 * input `slot`, and a job after it has the name `used-key FINGERPRINT`, made of that call's answer. Names of runs and
 * jobs are all that GitHub tells of a run without its logs. Only the file of the named branch is believed:
 * somebody who may push any branch can change the workflow there, and have it say anything under the same name. A proof is a new run; assumes
 * github-secrets-at-a-second-attempt.
 */
export function slotProofs(github: GithubClient, probe: Probe) {
  const { actions } = github.rest;
  const where = placeOf(probe);
  return {
    /** Whether there is such a workflow. */
    async isThere(): Promise<boolean> {
      const answer = await orAbsent(actions.getWorkflow(where));
      if (answer === 'absent') return false;
      confirmed(v.object({ path: v.string() }), answer);
      return true;
    },
    ask: (slot: string, proof: string): Promise<Changed> =>
      changed(actions.createWorkflowDispatch({ ...where, ref: probe.ref, inputs: { slot, proof } })),
    async answers(proofs: readonly string[]): Promise<Readonly<Record<string, ProofAnswer>>> {
      if (proofs.length === 0) return {};
      const runs = await orAbsent(latestRuns(github, probe, proofs));
      if (runs === 'absent') return {}; // no such workflow: an obstacle says so
      const answered = await Promise.all(
        proofs.map(async (proof) => {
          const named = runs.filter(({ display_title }) => display_title === proof);
          return named.length === 0 ? [] : [[proof, await answerOf(github, probe, named)] as const];
        }),
      );
      return Object.fromEntries(answered.flat());
    },
  };
}

const placeOf = ({ repository, workflow }: Probe) => ({
  ...parametersOf(repository),
  workflow_id: workflow,
});

/** The newest first, until each proof has one. */
async function latestRuns(
  { paginate, rest: { actions } }: GithubClient,
  probe: Probe,
  proofs: readonly string[],
): Promise<readonly ProofRun[]> {
  const branch = probe.ref.replace(/^refs\/(heads|tags)\//, '');
  const all: ProofRun[] = [];
  const given = { ...placeOf(probe), event: 'workflow_dispatch', branch, per_page: 100 };
  let turned = 0;
  for await (const page of paginate.iterator(actions.listWorkflowRuns, given)) {
    const runs = confirmed(v.array(listedRun), page);
    all.push(...runs.filter(({ head_branch }) => head_branch === branch));
    const found = proofs.every((proof) => all.some(({ display_title }) => display_title === proof));
    turned += 1;
    if (found || turned === PAGES) break;
  }
  return all;
}

/** A question that was sent twice has two runs: one good answer is enough, and one that goes on may still give it. */
async function answerOf(github: GithubClient, probe: Probe, runs: readonly ProofRun[]): Promise<ProofAnswer> {
  for (const run of runs) {
    if (run.status !== 'completed' || run.conclusion !== 'success') continue;
    const fingerprint = await usedIn(github, probe, run);
    if (fingerprint !== undefined) return { kind: 'used', fingerprint, by: run.html_url };
  }
  if (runs.some(({ status }) => status !== 'completed')) return { kind: 'pending' };
  const [last] = runs;
  const how = last?.conclusion === 'success' ? 'told no fingerprint' : `ended as ${last?.conclusion}`;
  return { kind: 'failed', why: `${last?.html_url} ${how}` };
}

async function usedIn(
  { paginate, rest: { actions } }: GithubClient,
  { repository }: Probe,
  { id }: ProofRun,
): Promise<string | undefined> {
  const given = { ...parametersOf(repository), run_id: id, filter: 'latest', per_page: 100 } as const;
  const jobs = await everyItem(listedJob, paginate.iterator(actions.listJobsForWorkflowRun, given));
  const told = jobs.flatMap(({ name, conclusion }) => {
    // A job of a called workflow has the caller's name before its own.
    const fingerprint = USED.exec(name.split(' / ').at(-1) ?? '')?.[1];
    return conclusion === 'success' && fingerprint !== undefined ? [fingerprint] : [];
  });
  return told.length === 1 ? told[0] : undefined;
}
