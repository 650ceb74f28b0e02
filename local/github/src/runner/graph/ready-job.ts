import type { Scope } from '../expressions/scope.ts';
import { fill } from '../expressions/template.ts';
import { checkoutFrom } from '../job/checkout.ts';
import type { JobFolders } from '../job/job-folders.ts';
import type { JobState } from '../job/job-state.ts';
import type { JobSteps } from '../job/job-steps.ts';
import type { ReadyJob } from '../job/run-job.ts';
import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import { RUNNER_PATIENCE, startProcess } from '../step/start-process.ts';
import { introductionOf } from './introduction.ts';
import { contextsOf, jobEnv, machineEnv } from './job-contexts.ts';
import type { Planned } from './plan-job.ts';
import type { WorkflowScope } from './run-state.ts';

const MINUTE = 60_000;
const DEFAULT_TIMEOUT = 360; // minutes; GitHub, "Workflow syntax": jobs.<job_id>.timeout-minutes
/** After a cancellation GitHub gives steps that still hold five minutes, then ends everything. */
const LAST_MINUTES = 5;

export interface Place extends Planned {
  readonly folders: JobFolders;
  readonly steps: JobSteps;
  readonly stop: AbortSignal;
}

/** Everything that a job has when its runner takes it: tokens, contexts, environment, time limit. */
export function readyJob(scope: WorkflowScope, job: ResolvedSteps, expressions: Scope, place: Place) {
  const { run } = scope;
  const stop = new AbortController();
  const kill = new AbortController();
  const minute = run.options.minute ?? MINUTE;
  const timers: NodeJS.Timeout[] = [];
  let state: (JobState & { status: JobState['status'] }) | undefined;
  const cancel = () => {
    if (stop.signal.aborted) return;
    if (state) state.status = 'cancelled';
    timers.push(setTimeout(() => kill.abort(), LAST_MINUTES * MINUTE));
    stop.abort();
  };

  const ready = (): ReadyJob => {
    const credentials = place.record.start();
    const { githubToken, runtimeToken } = credentials;
    for (const secret of [githubToken, runtimeToken, ...Object.values(place.secrets)])
      place.log.masks.add(secret);
    if (credentials.idTokenRequest) place.log.masks.add(credentials.idTokenRequest.token);
    const secrets = { ...place.secrets, GITHUB_TOKEN: githubToken };
    const contexts = contextsOf(scope, job, expressions, place, credentials);
    const env = jobEnv(scope, job, {
      ...expressions,
      contexts: { ...contexts, secrets, inputs: scope.inputs },
    });
    state = {
      log: place.log,
      folders: place.folders,
      machine: machineEnv(run, place.folders),
      env,
      contexts,
      idTokenRequest: credentials.idTokenRequest,
      runtime: { url: `${run.host.serverUrl}/`, token: runtimeToken },
      catalog: run.catalog,
      download: run.download,
      checkout: checkoutFrom(run.host, {
        repository: run.source.repository,
        ref: String(run.github['ref']),
        sha: String(run.github['sha']),
        permissions: place.record.permissions,
        githubToken,
      }),
      artifacts: run.artifacts,
      patience: run.options.patience ?? RUNNER_PATIENCE,
      startAction: run.options.startAction ?? startProcess,
      minute,
      stop: stop.signal,
      kill: kill.signal,
      status: 'success',
      added: new Map(),
      path: [],
      groups: new Set(),
      posts: [],
    };
    if (place.stop.aborted) cancel();
    place.stop.addEventListener('abort', cancel, { once: true });
    limitTime(job, expressions);
    return {
      state,
      work: job.work,
      origin: scope.workflow.file.source,
      inputs: scope.inputs,
      secrets,
      defaults: job.work.defaults,
      steps: place.steps,
      introduction: introductionOf(scope, job, place),
      afterStep: (name, id) => {
        const { cancelAfterStep } = run.options;
        if (cancelAfterStep !== undefined && (cancelAfterStep === name || cancelAfterStep === id)) {
          run.cancel(`The run was cancelled after the step '${cancelAfterStep}'.`);
        }
      },
    };
  };

  const limitTime = ({ work }: ResolvedSteps, within: Scope) => {
    const minutes = Number(fill(work.timeoutMinutes ?? DEFAULT_TIMEOUT, within));
    if (!(minutes > 0)) return;
    const over = setTimeout(() => {
      place.log.annotate('error', `The job has exceeded the maximum execution time of ${minutes}m0s`);
      cancel();
    }, minutes * minute);
    timers.push(over);
  };

  return {
    ready,
    end: () => {
      for (const timer of timers) clearTimeout(timer);
      place.stop.removeEventListener('abort', cancel);
    },
  };
}
