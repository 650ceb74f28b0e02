import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginRun } from './begin-run.ts';
import { NO_STATUS } from './expressions/scope.ts';
import { worst } from './graph/call-workflow.ts';
import { concurrencyOf } from './graph/concurrency.ts';
import { inGroup } from './graph/in-group.ts';
import { runJobs } from './graph/run-jobs.ts';
import type { RunState, WorkflowScope } from './graph/run-state.ts';
import { hostOf } from './host-of-world.ts';
import type { Conclusion } from './ports.ts';
import { prepareRun } from './prepare-run.ts';
import { withPullRequest } from './pull-request-payload.ts';
import type { RunOptions } from './run-options.ts';
import type { JobEnd, RunResult } from './run-result.ts';
import { text } from './value.ts';

/**
 * Runs a workflow of a repository as GitHub and its runner would, and answers when it has ended. Throws RunRefused,
 * with every problem, when there is something wrong with it before anything runs.
 */
export async function runWorkflow(given: RunOptions): Promise<RunResult> {
  const { world } = given.github;
  const host = hostOf(world);
  const options = withPullRequest(host, given);
  const prepared = await prepareRun(host, options);
  const folder = await mkdtemp(join(tmpdir(), 'local-github-run-'));
  try {
    return await carryOut(await beginRun(world, host, options, prepared, folder));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function carryOut(scope: WorkflowScope): Promise<RunResult> {
  const { run: state, cancelled } = scope;
  const listening = listen(state);
  let conclusion: Conclusion = 'failure'; // what remains when the runner itself breaks
  try {
    const ends = await jobsOf(scope);
    const results = [...ends.values()].map(({ result }) => result);
    conclusion = cancelled.aborted ? 'cancelled' : worst(results);
    return {
      runId: state.run.id,
      attempt: state.run.attempt,
      conclusion,
      jobs: [...state.reports].sort((a, b) => a.apiId - b.apiId),
      needs: Object.fromEntries(ends),
      artifacts: state.artifacts,
    };
  } finally {
    listening.end();
    state.run.finish(conclusion);
    state.emit({ kind: 'run-finished', conclusion });
  }
}

/** The jobs, once the workflow's own concurrency group lets the run in. */
async function jobsOf(scope: WorkflowScope): Promise<ReadonlyMap<string, JobEnd>> {
  const { run: state, workflow, inputs, cancelled } = scope;
  const contexts = { github: state.github, inputs, vars: state.options.variables ?? {} };
  const group = concurrencyOf(workflow.file.concurrency, { contexts, status: NO_STATUS });
  const waiting = { stop: cancelled, onRefused: state.cancel };
  const ends = await inGroup(scope, group ? [group] : [], waiting, (inside) => {
    // A newer run of the group cancels the run, not only its jobs.
    const replaced = () => state.cancel(text(inside.cancelled.reason));
    if (group) inside.cancelled.addEventListener('abort', replaced, { once: true });
    return runJobs(inside);
  });
  return ends ?? new Map();
}

/** The API and the caller's signal can cancel the run. */
function listen({ run, options, cancel }: RunState) {
  const overApi = () => cancel('The run was canceled over the API.');
  const byCaller = () => cancel('The run was canceled.');
  run.cancelled.addEventListener('abort', overApi, { once: true });
  options.signal?.addEventListener('abort', byCaller, { once: true });
  if (run.cancelled.aborted) overApi();
  if (options.signal?.aborted) byCaller();
  return {
    end: () => {
      run.cancelled.removeEventListener('abort', overApi);
      options.signal?.removeEventListener('abort', byCaller);
    },
  };
}
