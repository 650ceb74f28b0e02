import { fillText } from '../expressions/template.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, scopeOf } from '../job/step-place.ts';
import { text } from '../value.ts';

/** `name`, or `Run` with the first line of the script or the action's reference. */
export function stepName(job: JobState, place: StepPlace, definition: StepDefinition): string {
  const { name, work } = definition;
  const written = name ?? `Run ${work.kind === 'action' ? work.uses : text(work.run)}`;
  const [first = ''] = shown(job, place, written).trimStart().split('\n');
  return first.trimEnd();
}

function shown(job: JobState, place: StepPlace, written: Parameters<typeof fillText>[0]): string {
  try {
    return job.log.masks.apply(fillText(written, scopeOf(job, place)));
  } catch {
    return text(written); // as GitHub shows a name that can't be evaluated yet
  }
}

/** `github.action`: the step's id, or a name made of what it does, with a number from its second use on. */
export function actionName({ names }: StepPlace, definition: StepDefinition): string {
  if (definition.id !== undefined) return definition.id;
  const known = names.get(definition);
  if (known !== undefined) return known;
  const base = baseName(definition);
  const uses = [...names.keys()].filter((each) => baseName(each) === base).length;
  const name = uses === 0 ? base : `${base}_${uses + 1}`;
  names.set(definition, name);
  return name;
}

function baseName({ work }: StepDefinition): string {
  if (work.kind === 'script') return '__run';
  if (work.uses.startsWith('./')) return '__self';
  return `__${work.uses.replace(/@.*$/, '').replaceAll(/[^A-Za-z0-9-]+/g, '_')}`;
}
