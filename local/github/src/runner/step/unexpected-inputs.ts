import type { JobState } from '../job/job-state.ts';
import type { Strings } from '../value.ts';

/** Inputs of an action that this runner has built in, by name, separated by spaces. */
export function inputsNamed(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

/** Warns, as the runner does, of inputs that the action does not have. */
export function warnOfUnexpected(
  job: JobState,
  action: string,
  given: Strings,
  inputs: ReadonlySet<string>,
): void {
  const unexpected = Object.keys(given).filter((name) => !inputs.has(name.toLowerCase()));
  if (unexpected.length === 0) return;
  const names = unexpected.map((name) => `'${name}'`).join(', ');
  job.log.annotate('warning', `Unexpected input(s) ${names} to ${action}`);
}
