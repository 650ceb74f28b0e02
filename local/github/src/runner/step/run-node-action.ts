import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holdsAsWritten } from '../expressions/condition.ts';
import type { NodeAction } from '../files/action-file.ts';
import type { JobState } from '../job/job-state.ts';
import { type ActionInstance, instanceOf, jobStatus, type StepPlace, scopeOf } from '../job/step-place.ts';
import type { Strings } from '../value.ts';
import type { Doing, PreparedStep } from './prepared-step.ts';
import type { PresentAction } from './run-action.ts';
import { runPhase } from './run-phase.ts';
import { stepName } from './step-name.ts';

export interface NodeWork {
  readonly action: PresentAction;
  readonly runs: NodeAction;
  readonly inputs: Strings;
}

/** The main of a JavaScript action. Its post is due from the moment that it starts. */
export async function runNodeAction(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  work: NodeWork,
  { stop, outputs }: Doing,
): Promise<'success' | 'failure'> {
  const instance = instanceOf(place, step.definition);
  schedulePost(job, place, step, work, instance);
  return runEntry(job, place, step, work, { entry: work.runs.main, instance, stop, outputs });
}

export function schedulePost(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  work: NodeWork,
  instance: ActionInstance,
): void {
  const { post, postIf } = work.runs;
  if (post === undefined || instance.postIsDue) return;
  instance.postIsDue = true;
  job.posts.push({
    name: `Post ${stepName(job, place, step.definition)}`,
    // Pre and post steps look at the job, also inside a composite action.
    holds: () => holdsAsWritten(postIf, { ...scopeOf(job, place, step.env), status: jobStatus(job) }),
    run: (stop) => runEntry(job, place, step, work, { entry: post, instance, stop, outputs: new Map() }),
  });
}

/** Starts one of the action's files as the runner does: no flags, the workspace as folder. */
export async function runEntry(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  { action, inputs }: NodeWork,
  {
    entry,
    instance,
    stop,
    outputs,
  }: Omit<Doing, 'runStep'> & { readonly entry: string; readonly instance: ActionInstance },
): Promise<'success' | 'failure'> {
  const file = join(action.folder, entry);
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new Error(
      `Actions run on Node 24; this is Node ${process.versions.node}. Start local-github with Node 24.`,
    );
  }
  if (!existsSync(file)) throw new Error(`File not found: '${entry}' of ${action.file.yaml.name}`);
  const { ok } = await runPhase(
    job,
    place,
    {
      command: [process.execPath, file],
      start: job.startAction,
      folder: job.folders.workspace,
      env: step.env,
      github: {
        ACTION: step.action,
        ACTION_PATH: action.folder,
        ACTION_REPOSITORY: action.repository,
        ACTION_REF: action.ref,
      },
      more: {
        ...variables('INPUT_', inputs),
        ...stateVariables(instance),
        ACTIONS_RUNTIME_URL: job.runtime.url,
        ACTIONS_RUNTIME_TOKEN: job.runtime.token,
        ACTIONS_RESULTS_URL: job.runtime.url,
        ACTIONS_CACHE_SERVICE_V2: 'True',
      },
      outputs,
      state: instance.state,
    },
    stop,
  );
  return ok ? 'success' : 'failure';
}

/** Upper case, blanks to underscores; hyphens stay. */
function variables(prefix: string, values: Strings): Strings {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

function stateVariables({ state }: ActionInstance): Strings {
  return Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]));
}
