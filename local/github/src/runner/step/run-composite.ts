import { fillText } from '../expressions/template.ts';
import type { CompositeAction } from '../files/action-file.ts';
import type { JobState } from '../job/job-state.ts';
import { instanceOf, type StepPlace, scopeOf } from '../job/step-place.ts';
import type { Strings } from '../value.ts';
import type { Doing, PreparedStep } from './prepared-step.ts';
import type { PresentAction } from './run-action.ts';

export interface CompositeWork {
  readonly action: PresentAction;
  readonly runs: CompositeAction;
  readonly inputs: Strings;
}

/** Runs the steps of a composite action. They judge `success()` by the steps of the action, `cancelled()` by the job. */
export async function runComposite(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  work: CompositeWork,
  { stop, outputs, runStep }: Doing,
): Promise<'success' | 'failure'> {
  const inside = enterComposite(job, place, step, work);
  for (const definition of work.runs.steps) {
    if (job.kill.aborted) break;
    const { conclusion } = await runStep(job, inside.place, definition, stop);
    if (conclusion === 'failure' || conclusion === 'cancelled') inside.fail();
  }
  for (const [name, value] of Object.entries(work.runs.outputs)) {
    outputs.set(name, fillText(value, scopeOf(job, inside.place)));
  }
  return inside.place.status.failure() ? 'failure' : 'success';
}

/** The place that the action's steps stand in. */
export function enterComposite(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  { action, inputs }: CompositeWork,
): { readonly place: StepPlace; readonly fail: () => void } {
  let failed = false;
  return {
    fail: () => {
      failed = true;
    },
    place: {
      origin: action.origin,
      status: { success: () => !failed, failure: () => failed, cancelled: () => job.status === 'cancelled' },
      inputs,
      env: { ...place.env, ...step.env },
      defaults: {},
      action: { path: action.folder, repository: action.repository, ref: action.ref },
      names: new Map(),
      results: new Map(),
      instances: instanceOf(place, step.definition).children,
    },
  };
}
