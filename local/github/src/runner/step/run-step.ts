import { holds } from '../expressions/condition.ts';
import { fill, fillMapping, fillText } from '../expressions/template.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, type StepResult, scopeOf } from '../job/step-place.ts';
import { mapping, type Strings, strings, truthy } from '../value.ts';
import { attempt } from './attempt.ts';
import type { PreparedStep } from './prepared-step.ts';
import { runAction } from './run-action.ts';
import { runScript } from './run-script.ts';
import { actionName, stepName } from './step-name.ts';

/** Runs a step of a job or of a composite action and records its result under its id. */
export async function runStep(
  job: JobState,
  around: StepPlace,
  definition: StepDefinition,
  outer?: AbortSignal,
): Promise<StepResult> {
  const action = actionName(around, definition);
  const place: StepPlace = { ...around, current: action };
  const outputs = new Map<string, string>();
  const name = stepName(job, place, definition);
  let env: Strings = {};
  const outcome = await attempt(
    job,
    {
      name,
      holds: () => {
        env = strings(mapping(fill(definition.env, scopeOf(job, place))));
        return holds(definition.condition, scopeOf(job, place, env));
      },
      ...limitOf(job, place, definition),
      ...(outer ? { stop: outer } : {}),
    },
    (stop) => {
      const step: PreparedStep = { definition, env, action };
      return definition.work.kind === 'script'
        ? runScript(job, place, step, definition.work, { stop, outputs, runStep })
        : runAction(job, place, step, definition.work, { stop, outputs, runStep });
    },
  );
  const forgiven = outcome === 'failure' && continues(job, place, definition, env);
  const result: StepResult = {
    outcome,
    conclusion: forgiven ? 'success' : outcome,
    outputs: Object.fromEntries(outputs),
  };
  if (definition.id !== undefined) place.results.set(definition.id, result);
  return result;
}

function limitOf(job: JobState, place: StepPlace, { timeoutMinutes }: StepDefinition) {
  if (timeoutMinutes === undefined) return {};
  return { timeoutMinutes: Number(fillText(timeoutMinutes, scopeOf(job, place))) };
}

function continues(
  job: JobState,
  place: StepPlace,
  { continueOnError }: StepDefinition,
  env: Strings,
): boolean {
  if (continueOnError === undefined) return false;
  const { value } = fillMapping({ value: continueOnError }, scopeOf(job, place, env));
  return truthy(value ?? null) && value !== 'false';
}
