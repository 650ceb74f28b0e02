import { holdsAsWritten } from '../expressions/condition.ts';
import { fill } from '../expressions/template.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import { builtIn } from '../resolve/action-catalog.ts';
import type { PreparedStep } from '../step/prepared-step.ts';
import { presentAction, withDefaults } from '../step/run-action.ts';
import { enterComposite } from '../step/run-composite.ts';
import { runEntry, schedulePost } from '../step/run-node-action.ts';
import { actionName, stepName } from '../step/step-name.ts';
import { mapping, strings } from '../value.ts';
import type { JobState } from './job-state.ts';
import { instanceOf, jobStatus, type StepPlace, scopeOf } from './step-place.ts';

export interface PreStep {
  readonly name: string;
  readonly holds: () => boolean;
  readonly run: (stop: AbortSignal) => Promise<'success' | 'failure'>;
}

/** The pre phases of all actions, also inside composite ones; not those of the workspace, which is still empty. */
export async function preSteps(
  job: JobState,
  place: StepPlace,
  definitions: readonly StepDefinition[],
): Promise<readonly PreStep[]> {
  const all: PreStep[] = [];
  for (const definition of definitions) {
    const { work } = definition;
    if (work.kind === 'script' || work.uses.startsWith('./') || builtIn(work.uses)) continue;
    const action = await presentAction(job, place, work.uses);
    const { runs } = action.file;
    if (runs.kind === 'other' || (runs.kind === 'node' && runs.pre === undefined)) continue;
    const step = prepared(job, place, definition);
    const given = strings(mapping(fill(work.inputs, scopeOf(job, place, step.env))));
    const inputs = withDefaults(job, place, action.file, given);
    if (runs.kind === 'composite') {
      const inside = enterComposite(job, place, step, { action, runs, inputs });
      all.push(...(await preSteps(job, inside.place, runs.steps)));
      continue;
    }
    const { pre = '', preIf } = runs;
    all.push({
      name: `Pre ${stepName(job, place, definition)}`,
      holds: () => holdsAsWritten(preIf, { ...scopeOf(job, place, step.env), status: jobStatus(job) }),
      run: (stop) => {
        const instance = instanceOf(place, definition);
        const node = { action, runs, inputs };
        schedulePost(job, place, step, node, instance);
        return runEntry(job, place, step, node, { entry: pre, instance, stop, outputs: new Map() });
      },
    });
  }
  return all;
}

function prepared(job: JobState, place: StepPlace, definition: StepDefinition): PreparedStep {
  const env = strings(mapping(fill(definition.env, scopeOf(job, place))));
  return { definition, env, action: actionName(place, definition) };
}
